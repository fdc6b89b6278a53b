//! What the server would refuse, found before anything is uploaded.

use crate::error::Error;
use crate::evaluation::{ArgumentValue, Evaluation, Quantity};
use crate::request;
use crate::tensor::Tensor;
use crate::v1::Limits;

/// Above this, sent or received, an evaluation travels by a stream, where it does not by shared
/// memory: that is as fast as a message, and from twice as many bytes on faster, because upload,
/// arithmetic and download go on side by side, and no large memory is allocated on the way.
pub(crate) const LARGE: usize = 4 << 20;
/// Above this, a batch does not go in one message.
pub(crate) const BATCH: usize = 64 << 20;
/// Above this, asking the server for its limits is cheap beside the upload, and shared memory pays.
pub(crate) const WORTH_ASKING: usize = 1 << 20;
/// What a message has beside the payload of a tensor or an evaluation, at most; names are short.
const OVERHEAD: usize = 512;

/// How large a call is.
pub(crate) struct Size {
    /// Of the request: every tensor once.
    pub(crate) request: usize,
    /// Of the reply, about.
    reply: usize,
}

impl Size {
    pub(crate) fn of(evaluations: &[Evaluation<'_>]) -> Self {
        let derivatives: usize = evaluations.iter().map(derivative_bytes).sum();
        let values: usize = evaluations
            .iter()
            .filter(|evaluation| asks_here(evaluation, Quantity::Value))
            .map(input_bytes)
            .sum();
        Self {
            request: request::distinct(evaluations)
                .iter()
                .filter(|tensor| !tensor.is_shared())
                .map(|tensor| tensor.as_bytes().len())
                .sum(),
            reply: derivatives + values,
        }
    }

    pub(crate) fn largest(&self) -> usize {
        self.request.max(self.reply)
    }

    /// Whether request and reply fit into a message each.
    pub(crate) fn fits(&self, evaluations: &[Evaluation<'_>], limits: &Limits) -> bool {
        let tensors: usize =
            evaluations.iter().map(|evaluation| evaluation.tensors().count()).sum();
        let overhead = OVERHEAD * (evaluations.len() + tensors);
        let most = as_usize(limits.max_message_bytes);
        self.request + overhead <= most && self.reply + overhead <= most
    }
}

/// Whether the quantity comes in the reply: shared arrays have a place of their own.
fn asks_here(evaluation: &Evaluation<'_>, quantity: Quantity) -> bool {
    evaluation.asks_for(quantity) && !evaluation.uses_shared_arrays()
}

fn input_bytes(evaluation: &Evaluation<'_>) -> usize {
    evaluation.inputs.iter().map(|input| input.as_bytes().len()).sum()
}

fn derivative_bytes(evaluation: &Evaluation<'_>) -> usize {
    let kinds = [Quantity::Gradient, Quantity::SecondDerivative];
    let asked = kinds.iter().filter(|quantity| asks_here(evaluation, **quantity)).count();
    asked * input_bytes(evaluation)
}

/// Checks the counts of a batch. Errors: `Error::Argument`, with the field and the limit.
pub(crate) fn check_counts(evaluations: &[Evaluation<'_>], limits: &Limits) -> Result<(), Error> {
    let most = limits.max_evaluations as usize;
    if evaluations.len() > most {
        let text =
            format!("{} given; this server takes {most}: make several batches", evaluations.len());
        return Err(Error::argument("evaluations", text, "TOO_MANY_EVALUATIONS"));
    }
    let tensors = request::distinct(evaluations);
    for (i, tensor) in tensors.iter().enumerate() {
        check_tensor(format!("tensors[{i}].shape"), tensor, limits)?;
    }
    Ok(())
}

fn check_tensor(field: String, tensor: &Tensor<'_>, limits: &Limits) -> Result<(), Error> {
    let (rank, elements) = (tensor.shape().len(), tensor.len());
    if rank > limits.max_rank as usize {
        let text = format!("rank {rank}; this server takes {}: merge dimensions", limits.max_rank);
        return Err(Error::argument(field, text, "RANK_TOO_HIGH"));
    }
    if elements > as_usize(limits.max_elements) {
        let text = format!(
            "{elements} elements; this server takes {}: cut the tensor, or pass the evaluation \
             alone to evaluate(), which streams",
            limits.max_elements
        );
        return Err(Error::argument(field, text, "TOO_MANY_ELEMENTS"));
    }
    Ok(())
}

/// Checks what a stream cannot take in parts. Errors: as `check_counts`.
pub(crate) fn check_stream(evaluation: &Evaluation<'_>, limits: &Limits) -> Result<(), Error> {
    let most = as_usize(limits.max_message_bytes);
    let mut bytes = 0;
    for (name, argument) in &evaluation.arguments {
        let ArgumentValue::Tensor(tensor) = &argument.value else { continue };
        let field = format!("evaluations[0].activation.arguments[{name:?}].tensor");
        check_tensor(field.clone(), tensor, limits)?;
        bytes += tensor.as_bytes().len();
        if bytes > most {
            let text = format!(
                "the tensors of the arguments take {bytes} bytes so far, and this server takes \
                 {most} in one message: cut the input along an axis, and evaluate the parts"
            );
            return Err(Error::argument(field, text, "ARGUMENTS_TOO_LARGE"));
        }
    }
    Ok(())
}

fn as_usize(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
