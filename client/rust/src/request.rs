//! Evaluations as messages, in which each tensor stands once.

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;

use crate::element::ElementType;
use crate::error::Error;
use crate::evaluation::{Argument, ArgumentValue, Evaluation};
use crate::tensor::{Payload, Tensor};
use crate::v1;

/// The message for some evaluations. Errors: an argument that is given twice.
pub(crate) fn batch(evaluations: &[Evaluation<'_>]) -> Result<v1::EvaluateRequest, Error> {
    let mut tensors = TensorTable::default();
    let messages: Result<Vec<_>, Error> = evaluations
        .iter()
        .enumerate()
        .map(|(i, evaluation)| tensors.evaluation(evaluation, i))
        .collect();
    Ok(v1::EvaluateRequest { evaluations: messages?, tensors: tensors.messages })
}

/// The header of a stream for one evaluation. Errors: as `batch`.
pub(crate) fn header(evaluation: &Evaluation<'_>) -> Result<v1::StreamHeader, Error> {
    let input = &evaluation.inputs[0];
    let mut tensors = TensorTable::default();
    let activation = tensors.activation(evaluation, 0)?;
    Ok(v1::StreamHeader {
        activation: Some(activation),
        quantities: quantities(evaluation),
        element_type: input.element_type().to_message().into(),
        shape: shape_of(input),
        inputs: evaluation.inputs.len() as u32,
        has_upstream: evaluation.upstream.is_some(),
        tensors: tensors.messages,
    })
}

/// The tensors of the message for `evaluations`, in its order.
pub(crate) fn distinct<'e, 'a>(evaluations: &'e [Evaluation<'a>]) -> Vec<&'e Tensor<'a>> {
    let mut seen = HashSet::new();
    let tensors = evaluations.iter().flat_map(Evaluation::tensors);
    tensors.filter(|tensor| seen.insert(key_of(tensor))).collect()
}

/// Tensors are the same where their bytes are, in one type and shape.
type Key = (*const u8, ElementType, Vec<usize>);

fn key_of(tensor: &Tensor<'_>) -> Key {
    (tensor.as_bytes().as_ptr(), tensor.element_type(), tensor.shape().to_vec())
}

/// The tensors of a message.
#[derive(Default)]
struct TensorTable {
    messages: Vec<v1::Tensor>,
    indices: HashMap<Key, u32>,
}

impl TensorTable {
    fn index_of(&mut self, tensor: &Tensor<'_>) -> u32 {
        *self.indices.entry(key_of(tensor)).or_insert_with(|| {
            self.messages.push(message_of(tensor));
            self.messages.len() as u32 - 1
        })
    }

    fn evaluation(
        &mut self,
        evaluation: &Evaluation<'_>,
        index: usize,
    ) -> Result<v1::Evaluation, Error> {
        let inputs = evaluation.inputs.iter().map(|input| self.index_of(input)).collect();
        Ok(v1::Evaluation {
            inputs,
            upstream: evaluation.upstream.as_ref().map(|upstream| self.index_of(upstream)),
            activation: Some(self.activation(evaluation, index)?),
            quantities: quantities(evaluation),
            destinations: destinations(evaluation),
        })
    }

    fn activation(
        &mut self,
        evaluation: &Evaluation<'_>,
        index: usize,
    ) -> Result<v1::Activation, Error> {
        let mut arguments = BTreeMap::new();
        for (name, argument) in &evaluation.arguments {
            if arguments.insert(name.clone(), self.argument(argument)).is_some() {
                return Err(Error::argument(
                    format!("evaluations[{index}].activation.arguments[{name:?}]"),
                    "it is given twice",
                    "DUPLICATE_ARGUMENT",
                ));
            }
        }
        Ok(v1::Activation {
            name: evaluation.activation.clone(),
            preset: evaluation.preset.clone(),
            arguments,
        })
    }

    fn argument(&mut self, argument: &Argument<'_>) -> v1::Argument {
        use v1::argument::Value;
        let value = match &argument.value {
            ArgumentValue::Number(number) => Value::Number(*number),
            ArgumentValue::Word(word) => Value::Word(word.clone()),
            ArgumentValue::Tensor(tensor) => Value::Tensor(self.index_of(tensor)),
        };
        v1::Argument { axis: argument.axis, value: Some(value) }
    }
}

fn message_of(tensor: &Tensor<'_>) -> v1::Tensor {
    let mut message = v1::Tensor {
        element_type: tensor.element_type().to_message().into(),
        shape: shape_of(tensor),
        ..v1::Tensor::default()
    };
    match tensor.payload() {
        Payload::Borrowed(bytes) => message.data = Bytes::copy_from_slice(bytes),
        Payload::Owned(bytes) => message.data = bytes.clone(),
        #[cfg(target_os = "linux")]
        Payload::Shared(region) => message.region = Some(region.to_message()),
    }
    message
}

fn shape_of(tensor: &Tensor<'_>) -> Vec<i64> {
    // A tensor is in memory, so that each size but those beside a 0 is below 2^63.
    tensor.shape().iter().map(|size| i64::try_from(*size).unwrap_or(i64::MAX)).collect()
}

fn quantities(evaluation: &Evaluation<'_>) -> Vec<i32> {
    evaluation.quantities.iter().map(|quantity| quantity.to_message().into()).collect()
}

#[cfg(target_os = "linux")]
fn destinations(evaluation: &Evaluation<'_>) -> Vec<v1::Destination> {
    evaluation.destinations.iter().map(|destination| destination.to_message()).collect()
}

#[cfg(not(target_os = "linux"))]
fn destinations(_: &Evaluation<'_>) -> Vec<v1::Destination> {
    Vec::new()
}
