//! One evaluation by EvaluateStream, for tensors that are too large for a message.

use bytes::Bytes;
use prost::Message;
use tonic::Status;

use crate::assembly::Assembly;
use crate::caller::Attempt;
use crate::error::Error;
use crate::evaluation::Evaluation;
use crate::exchange::{self, RequestSender};
use crate::result::EvaluationResult;
use crate::tensor::{Payload, Tensor};
use crate::v1;
use crate::v1::evaluate_stream_request::Message as Part;

const PATH: &str = "/rectifier.v1.ActivationService/EvaluateStream";
/// Of all tensors together.
const CHUNK_BYTES: usize = 512 << 10;
/// Chunks that wait to be sent.
const CHUNKS_AHEAD: usize = 2;

/// What must hold before the header can speak for all tensors. Errors: `Error::Argument`.
pub(crate) fn check(evaluation: &Evaluation<'_>) -> Result<(), Error> {
    let first = &evaluation.inputs[0];
    for (i, input) in evaluation.inputs.iter().enumerate().skip(1) {
        let field = format!("evaluations[0].inputs[{i}]");
        check_type(field.clone(), input, first)?;
        if input.shape() != first.shape() {
            let text =
                format!("shape {:?}; must be the first's, {:?}", input.shape(), first.shape());
            return Err(Error::argument(field, text, "SHAPE_MISMATCH"));
        }
    }
    match &evaluation.upstream {
        Some(upstream) => check_type("evaluations[0].upstream".to_owned(), upstream, first),
        None => Ok(()),
    }
}

fn check_type(field: String, tensor: &Tensor<'_>, input: &Tensor<'_>) -> Result<(), Error> {
    if tensor.element_type() == input.element_type() {
        return Ok(());
    }
    let text = format!("{}; must be the input's, {}", tensor.element_type(), input.element_type());
    Err(Error::argument(field, text, "ELEMENT_TYPE_MISMATCH"))
}

/// Sends the tensors and takes the results, side by side. Errors: the status of the stream.
pub(crate) async fn evaluate(
    attempt: Attempt,
    evaluation: &Evaluation<'_>,
    header: v1::StreamHeader,
) -> Result<EvaluationResult, Status> {
    let (sender, requests) = exchange::requests(CHUNKS_AHEAD);
    let send = async {
        send_all(evaluation, header, sender).await;
        std::future::pending().await
    };
    let receive = async {
        let mut replies = attempt.stream::<_, v1::EvaluateStreamResponse>(PATH, requests);
        let mut assembly = Assembly::new(evaluation);
        while let Some(reply) = replies.next().await? {
            assembly.add(reply)?;
        }
        assembly.finish()
    };
    tokio::select! {
        result = receive => result.map_err(in_terms_of_evaluate),
        never = send => never,
    }
}

/// Ends early where the stream has ended: its status says why.
async fn send_all(
    evaluation: &Evaluation<'_>,
    header: v1::StreamHeader,
    sender: RequestSender<v1::EvaluateStreamRequest>,
) {
    let pair = evaluation.inputs.get(1);
    let upstream = evaluation.upstream.as_ref();
    let tensors = [Some(&evaluation.inputs[0]), pair, upstream];
    let bytes: usize = tensors.iter().flatten().map(|tensor| tensor.as_bytes().len()).sum();
    let chunks = bytes.div_ceil(CHUNK_BYTES).max(1);
    let parts = (0..chunks).map(|i| {
        let [input, second_input, upstream] =
            tensors.map(|tensor| tensor.map_or_else(Bytes::new, |tensor| part(tensor, i, chunks)));
        Part::Chunk(v1::StreamChunk { input, second_input, upstream })
    });
    for message in std::iter::once(Part::Header(header)).chain(parts) {
        if !sender.send(v1::EvaluateStreamRequest { message: Some(message) }).await {
            return;
        }
    }
    sender.finish().await;
}

/// The i-th of `chunks` parts: tensors keep pace with one another.
fn part(tensor: &Tensor<'_>, i: usize, chunks: usize) -> Bytes {
    let bytes = tensor.as_bytes();
    let until = |chunk: usize| (bytes.len() as u128 * chunk as u128 / chunks as u128) as usize;
    let range = until(i)..until(i + 1);
    match tensor.payload() {
        Payload::Owned(owned) => owned.slice(range),
        _ => Bytes::copy_from_slice(&bytes[range]),
    }
}

/// The caller has evaluated, and need not know that it was by a stream, whose header has the
/// activation.
fn in_terms_of_evaluate(status: Status) -> Status {
    const HERE: [(&str, &str); 2] = [
        ("header.activation", "evaluations[0].activation"),
        ("header.quantities", "evaluations[0].quantities"),
    ];
    let Some((there, here)) = HERE.iter().find(|(there, _)| status.message().contains(there))
    else {
        return status;
    };
    let Ok(mut details) = v1::Status::decode(status.details()) else { return status };
    for detail in &mut details.details {
        if !detail.type_url.ends_with("google.rpc.BadRequest") {
            continue;
        }
        let Ok(mut bad_request) = v1::BadRequest::decode(detail.value.as_slice()) else { continue };
        for violation in &mut bad_request.field_violations {
            violation.field = violation.field.replacen(there, here, 1);
        }
        detail.value = bad_request.encode_to_vec();
    }
    Status::with_details_and_metadata(
        status.code(),
        status.message().replacen(there, here, 1),
        details.encode_to_vec().into(),
        status.metadata().clone(),
    )
}
