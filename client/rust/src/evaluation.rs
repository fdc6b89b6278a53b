//! What is asked for: one activation over one input, or over a gated pair.

use crate::element::Element;
use crate::tensor::Tensor;
use crate::v1;

/// What an evaluation gives back. With L = sum(upstream * y), every derivative is one of L.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quantity {
    /// y = f(x), in the output's shape.
    Value,
    /// dL/dx, in the input's shape. Without an upstream, and for an elementwise activation, this is
    /// f'(x).
    Gradient,
    /// dL/dp for every learnable parameter p, in the shape and type of its argument.
    ParameterGradients,
    /// d2L/dx2, the diagonal, in the input's shape. Elementwise activations alone have it.
    SecondDerivative,
}

impl Quantity {
    pub(crate) fn to_message(self) -> v1::Quantity {
        match self {
            Self::Value => v1::Quantity::Value,
            Self::Gradient => v1::Quantity::Gradient,
            Self::ParameterGradients => v1::Quantity::ParameterGradient,
            Self::SecondDerivative => v1::Quantity::SecondDerivative,
        }
    }
}

/// What is supplied for one parameter: a number, a word, or a tensor.
///
/// Numbers and words become arguments by themselves: `.argument("beta", 1.5)`, `.argument("gate",
/// "first")`, `.argument("keepdims", true)`. A tensor is broadcast against the input by NumPy's
/// rules, or runs [along one axis](Argument::along) of it.
#[derive(Clone, Debug)]
pub struct Argument<'a> {
    pub(crate) value: ArgumentValue<'a>,
    pub(crate) axis: Option<i32>,
}

#[derive(Clone, Debug)]
pub(crate) enum ArgumentValue<'a> {
    Number(f64),
    Word(String),
    Tensor(Tensor<'a>),
}

impl<'a> Argument<'a> {
    /// A tensor of rank 1 that runs along `axis` of the input. A negative axis counts from the end.
    pub fn along(axis: i32, tensor: impl Into<Tensor<'a>>) -> Self {
        Self { value: ArgumentValue::Tensor(tensor.into()), axis: Some(axis) }
    }

    fn new(value: ArgumentValue<'a>) -> Self {
        Self { value, axis: None }
    }
}

impl From<f64> for Argument<'_> {
    fn from(number: f64) -> Self {
        Self::new(ArgumentValue::Number(number))
    }
}

impl From<f32> for Argument<'_> {
    fn from(number: f32) -> Self {
        f64::from(number).into()
    }
}

/// A whole number, such as an axis.
impl From<i32> for Argument<'_> {
    fn from(number: i32) -> Self {
        f64::from(number).into()
    }
}

impl From<&str> for Argument<'_> {
    fn from(word: &str) -> Self {
        Self::new(ArgumentValue::Word(word.to_owned()))
    }
}

impl From<String> for Argument<'_> {
    fn from(word: String) -> Self {
        Self::new(ArgumentValue::Word(word))
    }
}

/// The word `true` or `false`.
impl From<bool> for Argument<'_> {
    fn from(truth: bool) -> Self {
        if truth { "true" } else { "false" }.into()
    }
}

/// A tensor that is broadcast against the input.
impl<'a> From<Tensor<'a>> for Argument<'a> {
    fn from(tensor: Tensor<'a>) -> Self {
        Self::new(ArgumentValue::Tensor(tensor))
    }
}

/// A tensor that is broadcast against the input.
impl<'a> From<&'a Tensor<'_>> for Argument<'a> {
    fn from(tensor: &'a Tensor<'_>) -> Self {
        Tensor::from(tensor).into()
    }
}

/// A vector that is broadcast against the input.
impl<'a, T: Element> From<&'a [T]> for Argument<'a> {
    fn from(elements: &'a [T]) -> Self {
        Tensor::from(elements).into()
    }
}

/// A vector that is broadcast against the input.
impl<'a, T: Element, const N: usize> From<&'a [T; N]> for Argument<'a> {
    fn from(elements: &'a [T; N]) -> Self {
        Tensor::from(elements).into()
    }
}

/// A vector that is broadcast against the input.
impl<'a, T: Element> From<&'a Vec<T>> for Argument<'a> {
    fn from(elements: &'a Vec<T>) -> Self {
        Tensor::from(elements).into()
    }
}

/// One activation over one input, or over the two tensors of a gated pair.
///
/// The value alone is asked for, unless you say more:
///
/// ```
/// use rectifier::{Argument, Evaluation, Tensor};
///
/// let x = [1.0_f32, -2.0, 3.0, -4.0];
/// let slopes = [0.25_f32, 0.5];
/// let evaluation = Evaluation::new("prelu", Tensor::new(&x, &[2, 2])?)
///     .argument("weight", Argument::along(1, &slopes))
///     .gradient()
///     .parameter_gradients();
/// # Ok::<(), rectifier::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "an evaluation is passed to a client"]
pub struct Evaluation<'a> {
    pub(crate) activation: String,
    pub(crate) preset: String,
    pub(crate) arguments: Vec<(String, Argument<'a>)>,
    pub(crate) inputs: Vec<Tensor<'a>>,
    pub(crate) upstream: Option<Tensor<'a>>,
    pub(crate) quantities: Vec<Quantity>,
    #[cfg(target_os = "linux")]
    pub(crate) destinations: Vec<crate::shared_memory::Destination<'a>>,
}

impl<'a> Evaluation<'a> {
    /// An activation, by a name or alias of the catalogue, over `input`.
    ///
    /// A full name such as `torch.nn.SiLU` or `jax.nn.gelu` is understood, too, and means what that
    /// framework computes.
    pub fn new(activation: impl Into<String>, input: impl Into<Tensor<'a>>) -> Self {
        Self {
            activation: activation.into(),
            preset: String::new(),
            arguments: Vec::new(),
            inputs: vec![input.into()],
            upstream: None,
            quantities: vec![Quantity::Value],
            #[cfg(target_os = "linux")]
            destinations: Vec::new(),
        }
    }

    /// A gated pair in two tensors of one shape and type. The argument `gate` says which one is the
    /// gate.
    pub fn pair(
        activation: impl Into<String>,
        first: impl Into<Tensor<'a>>,
        second: impl Into<Tensor<'a>>,
    ) -> Self {
        let mut evaluation = Self::new(activation, first);
        evaluation.inputs.push(second.into());
        evaluation
    }

    /// Supplies a parameter, by its name or alias. What is left out takes its default.
    pub fn argument(mut self, name: impl Into<String>, argument: impl Into<Argument<'a>>) -> Self {
        self.arguments.push((name.into(), argument.into()));
        self
    }

    /// Takes the defaults and conventions of a framework: `pytorch`, `jax`, `keras`, `onnx` or
    /// `tensorflow`. Arguments win.
    pub fn preset(mut self, framework: impl Into<String>) -> Self {
        self.preset = framework.into();
        self
    }

    /// The cotangent dL/dy, in the output's shape and the input's type. Without one it is ones.
    pub fn upstream(mut self, upstream: impl Into<Tensor<'a>>) -> Self {
        self.upstream = Some(upstream.into());
        self
    }

    /// Asks for the gradient as well.
    pub fn gradient(self) -> Self {
        self.and(Quantity::Gradient)
    }

    /// Asks for the gradients of all learnable parameters as well.
    pub fn parameter_gradients(self) -> Self {
        self.and(Quantity::ParameterGradients)
    }

    /// Asks for the second derivative as well.
    pub fn second_derivative(self) -> Self {
        self.and(Quantity::SecondDerivative)
    }

    /// Asks for exactly these quantities, without the value unless it is among them.
    pub fn quantities(mut self, quantities: impl Into<Vec<Quantity>>) -> Self {
        self.quantities = quantities.into();
        self
    }

    pub(crate) fn and(mut self, quantity: Quantity) -> Self {
        if !self.quantities.contains(&quantity) {
            self.quantities.push(quantity);
        }
        self
    }

    /// All tensors: inputs, upstream, arguments.
    pub(crate) fn tensors(&self) -> impl Iterator<Item = &Tensor<'a>> {
        self.inputs.iter().chain(&self.upstream).chain(self.argument_tensors())
    }

    pub(crate) fn argument_tensors(&self) -> impl Iterator<Item = &Tensor<'a>> {
        self.arguments.iter().filter_map(|(_, argument)| match &argument.value {
            ArgumentValue::Tensor(tensor) => Some(tensor),
            _ => None,
        })
    }

    /// Whether tensors or results are in the caller's own shared arrays.
    pub(crate) fn uses_shared_arrays(&self) -> bool {
        #[cfg(target_os = "linux")]
        if !self.destinations.is_empty() {
            return true;
        }
        self.tensors().any(Tensor::is_shared)
    }

    /// Whether a result takes the place of a tensor.
    pub(crate) fn is_in_place(&self) -> bool {
        #[cfg(target_os = "linux")]
        for destination in &self.destinations {
            if self.tensors().any(|tensor| tensor.is_in(&destination.region.token)) {
                return true;
            }
        }
        false
    }

    pub(crate) fn asks_for(&self, quantity: Quantity) -> bool {
        self.quantities.contains(&quantity)
    }
}
