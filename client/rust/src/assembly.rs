//! The results of a stream, put together as they come.

use prost::Message;
use tonic::{Code, Status};

use crate::element::ElementType;
use crate::evaluation::{Evaluation, Quantity};
use crate::result::EvaluationResult;
use crate::tensor::{AlignedBytes, Tensor, byte_count};
use crate::v1;

/// Results that arrive in parts.
pub(crate) struct Assembly<'e> {
    evaluation: &'e Evaluation<'e>,
    element_type: ElementType,
    value: Option<Place>,
    gradients: Vec<Place>,
    second_derivative: Option<Place>,
    result: EvaluationResult,
    has_begun: bool,
}

/// A tensor of which the first `filled` bytes are there.
struct Place {
    shape: Vec<usize>,
    bytes: AlignedBytes,
    filled: usize,
}

impl<'e> Assembly<'e> {
    pub(crate) fn new(evaluation: &'e Evaluation<'e>) -> Self {
        Self {
            evaluation,
            element_type: evaluation.inputs[0].element_type(),
            value: None,
            gradients: Vec::new(),
            second_derivative: None,
            result: EvaluationResult::default(),
            has_begun: false,
        }
    }

    pub(crate) fn add(&mut self, reply: v1::EvaluateStreamResponse) -> Result<(), Status> {
        if !self.has_begun {
            self.begin(&reply.value_shape)?;
        }
        if let Some(value) = &mut self.value {
            value.append(&reply.value)?;
        }
        if reply.gradients.len() > self.gradients.len() {
            return Err(misfit());
        }
        for (gradient, bytes) in self.gradients.iter_mut().zip(&reply.gradients) {
            gradient.append(bytes)?;
        }
        if let Some(second_derivative) = &mut self.second_derivative {
            second_derivative.append(&reply.second_derivative)?;
        }
        for gradient in reply.parameter_gradients {
            self.result.add_parameter_gradient(gradient).map_err(|_| misfit())?;
        }
        Ok(())
    }

    /// The first reply tells the output's shape, which is empty for one of rank 0.
    fn begin(&mut self, value_shape: &[i64]) -> Result<(), Status> {
        self.has_begun = true;
        let value: Result<Vec<usize>, _> =
            value_shape.iter().map(|n| usize::try_from(*n)).collect();
        let value = value.map_err(|_| misfit())?;
        if let Some(upstream) = self.evaluation.upstream.as_ref().filter(|u| u.shape() != value) {
            return Err(refusal(
                "evaluations[0].upstream",
                format!("shape {:?}; must be the output's, {value:?}", upstream.shape()),
            ));
        }
        let input = self.evaluation.inputs[0].shape();
        if self.evaluation.asks_for(Quantity::Value) {
            self.value = Some(Place::new(self.element_type, &value)?);
        }
        if self.evaluation.asks_for(Quantity::Gradient) {
            for _ in &self.evaluation.inputs {
                self.gradients.push(Place::new(self.element_type, input)?);
            }
        }
        if self.evaluation.asks_for(Quantity::SecondDerivative) {
            self.second_derivative = Some(Place::new(self.element_type, input)?);
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<EvaluationResult, Status> {
        if !self.has_begun {
            return Err(misfit());
        }
        let element_type = self.element_type;
        let take = |place: Place| place.finish(element_type);
        let mut result = self.result;
        result.value = self.value.map(take).transpose()?;
        result.gradients = self.gradients.into_iter().map(take).collect::<Result<_, _>>()?;
        result.second_derivative = self.second_derivative.map(take).transpose()?;
        Ok(result)
    }
}

impl Place {
    fn new(element_type: ElementType, shape: &[usize]) -> Result<Self, Status> {
        let bytes = byte_count(element_type, shape).ok_or_else(misfit)?;
        Ok(Self { shape: shape.to_vec(), bytes: AlignedBytes::zeroed(bytes), filled: 0 })
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), Status> {
        let room = self.bytes.as_mut().get_mut(self.filled..).unwrap_or_default();
        room.get_mut(..bytes.len()).ok_or_else(misfit)?.copy_from_slice(bytes);
        self.filled += bytes.len();
        Ok(())
    }

    fn finish(mut self, element_type: ElementType) -> Result<Tensor<'static>, Status> {
        if self.filled != self.bytes.as_mut().len() {
            return Err(misfit());
        }
        Tensor::from_reply(element_type, self.shape, self.bytes.into()).map_err(|_| misfit())
    }
}

fn misfit() -> Status {
    Status::internal("the server sent results of the wrong size")
}

/// What the server would say of one Evaluate.
fn refusal(field: &str, description: String) -> Status {
    let message = format!("{field}: {description}");
    let bad_request = v1::BadRequest {
        field_violations: vec![v1::bad_request::FieldViolation {
            field: field.to_owned(),
            description,
        }],
    };
    let info = v1::ErrorInfo {
        reason: "SHAPE_MISMATCH".to_owned(),
        domain: "rectifier.v1".to_owned(),
        ..v1::ErrorInfo::default()
    };
    let detail = |name: &str, value: Vec<u8>| prost_types::Any {
        type_url: format!("type.googleapis.com/google.rpc.{name}"),
        value,
    };
    let details = v1::Status {
        code: Code::InvalidArgument.into(),
        message: message.clone(),
        details: vec![
            detail("BadRequest", bad_request.encode_to_vec()),
            detail("ErrorInfo", info.encode_to_vec()),
        ],
    };
    Status::with_details(Code::InvalidArgument, message, details.encode_to_vec().into())
}
