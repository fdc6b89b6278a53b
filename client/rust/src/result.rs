//! What an evaluation gives back.

use std::collections::BTreeMap;

use crate::element::ElementType;
use crate::error::Error;
use crate::tensor::Tensor;
use crate::v1;

/// The quantities of one evaluation that were asked for.
///
/// They have the input's element type; a parameter gradient has that of its argument, which is
/// float64 for a number. They own their bytes, or share the memory of the reply.
#[derive(Clone, Debug, Default)]
pub struct EvaluationResult {
    pub(crate) value: Option<Tensor<'static>>,
    pub(crate) gradients: Vec<Tensor<'static>>,
    pub(crate) second_derivative: Option<Tensor<'static>>,
    pub(crate) parameter_gradients: BTreeMap<String, Tensor<'static>>,
}

impl EvaluationResult {
    /// y = f(x), in the output's shape.
    ///
    /// # Errors
    ///
    /// [`Error::NoResult`] where it was not asked for, or went to a shared array.
    pub fn value(&self) -> Result<&Tensor<'static>, Error> {
        self.value.as_ref().ok_or(Error::NoResult(
            "there is no value: quantities() left it out, or it went to a shared array",
        ))
    }

    /// dL/dx, in the input's shape; of a pair in two tensors that of the first.
    ///
    /// # Errors
    ///
    /// [`Error::NoResult`] where it was not asked for, or went to a shared array.
    pub fn gradient(&self) -> Result<&Tensor<'static>, Error> {
        self.gradients.first().ok_or(Error::NoResult(
            "there is no gradient: gradient() asks for it, and it may go to a shared array",
        ))
    }

    /// dL/dx by input, each in that input's shape; empty where they were not asked for.
    pub fn gradients(&self) -> &[Tensor<'static>] {
        &self.gradients
    }

    /// d2L/dx2, in the input's shape.
    ///
    /// # Errors
    ///
    /// [`Error::NoResult`] where it was not asked for, or went to a shared array.
    pub fn second_derivative(&self) -> Result<&Tensor<'static>, Error> {
        self.second_derivative.as_ref().ok_or(Error::NoResult(
            "there is no second derivative: second_derivative() asks for it, and it may go to a \
             shared array",
        ))
    }

    /// dL/dp of one parameter, by its canonical name, in the shape and type of its argument. A
    /// number, or the default of a parameter that is not given, has rank 0 and is float64.
    ///
    /// # Errors
    ///
    /// [`Error::NoResult`] where there is none of that name, or they were not asked for.
    pub fn parameter_gradient(&self, parameter: &str) -> Result<&Tensor<'static>, Error> {
        self.parameter_gradients.get(parameter).ok_or(Error::NoResult(
            "there is no gradient of such a parameter: parameter_gradients() asks for all of them, \
             which have the canonical names of the catalogue",
        ))
    }

    /// dL/dp by the parameter's canonical name; empty where they were not asked for.
    pub fn parameter_gradients(&self) -> &BTreeMap<String, Tensor<'static>> {
        &self.parameter_gradients
    }

    /// Takes the value out of the result, for those who need nothing else of it.
    ///
    /// # Errors
    ///
    /// As [`EvaluationResult::value`].
    pub fn into_value(self) -> Result<Tensor<'static>, Error> {
        self.value()?;
        Ok(self.value.expect("it was there"))
    }

    /// Errors: what is wrong with the reply.
    pub(crate) fn from_message(message: v1::Result) -> Result<Self, Error> {
        let mut result = Self {
            value: message.value.and_then(take).transpose()?,
            second_derivative: message.second_derivative.and_then(take).transpose()?,
            ..Self::default()
        };
        for gradient in message.gradients {
            result.gradients.extend(take(gradient).transpose()?);
        }
        for gradient in message.parameter_gradients {
            result.add_parameter_gradient(gradient)?;
        }
        Ok(result)
    }

    /// Errors: what is wrong with the reply.
    pub(crate) fn add_parameter_gradient(
        &mut self,
        message: v1::ParameterGradient,
    ) -> Result<(), Error> {
        if let Some(gradient) = message.gradient.and_then(take).transpose()? {
            self.parameter_gradients.insert(message.parameter, gradient);
        }
        Ok(())
    }
}

/// The tensor of a message; `None` where it went to a shared array.
fn take(message: v1::Tensor) -> Option<Result<Tensor<'static>, Error>> {
    if message.region.is_some() {
        return None;
    }
    Some(from_message(message))
}

fn from_message(message: v1::Tensor) -> Result<Tensor<'static>, Error> {
    let wrong = |what| Error::argument("results", what, "MALFORMED_REPLY");
    let element_type = ElementType::from_message(message.element_type)
        .ok_or_else(|| wrong("a tensor without an element type that is known here"))?;
    let shape: Result<Vec<usize>, _> = message.shape.into_iter().map(usize::try_from).collect();
    let shape = shape.map_err(|_| wrong("a tensor with a negative size"))?;
    Tensor::from_reply(element_type, shape, message.data)
}
