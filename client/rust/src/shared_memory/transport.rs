//! Large evaluations through shared memory, by themselves.

use std::marker::PhantomData;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use tonic::Code;

use super::array::{Destination, Output, Region};
use super::pool::{InUse, Pool, PooledMemory};
use crate::error::Error;
use crate::evaluation::{ArgumentValue, Evaluation, Quantity};
use crate::target::Place;
use crate::tensor::{Payload, Tensor};
use crate::v1;

/// Where a tensor begins in a buffer: at the start of a cache line.
const ALIGNMENT: usize = 64;
/// Between two of these the task lets others run.
const COPY_BYTES: usize = 4 << 20;

/// The shared memory of a client whose target is one unix socket.
pub(crate) struct Transport {
    is_possible: bool,
    pool: Mutex<Option<Arc<Pool>>>,
}

impl Transport {
    pub(crate) fn new(places: &[Place], is_wanted: bool) -> Self {
        let is_possible = is_wanted && matches!(places, [Place::Unix(_)]);
        Self { is_possible, pool: Mutex::default() }
    }

    /// Whether it is wanted and offered.
    pub(crate) fn is_offered(&self, info: &v1::GetServerInfoResponse) -> bool {
        self.is_possible && !info.buffers_socket.is_empty()
    }

    /// Copies the tensors of an evaluation into shared memory, and has room for its results there.
    ///
    /// `value_bytes` is the size of the value, where it is known. `None`: not possible, at least
    /// now.
    pub(crate) async fn stage(
        &self,
        evaluation: &Evaluation<'_>,
        value_bytes: Option<usize>,
        info: &v1::GetServerInfoResponse,
    ) -> Option<Staged> {
        let plan = Plan::new(evaluation, value_bytes)?;
        let limits = info.limits.unwrap_or_default();
        let is_too_large = (plan.sources + plan.results) as u64
            > limits.max_buffer_bytes_per_connection
            || evaluation.tensors().any(|tensor| tensor.len() as u64 > limits.max_elements);
        if is_too_large {
            return None;
        }
        let in_use = InUse::new();
        let [mut sources, mut results] =
            self.take(&plan, &info.buffers_socket, in_use.clone()).await?;
        for (tensor, range) in evaluation.tensors().zip(&plan.places) {
            copy(tensor.as_bytes(), &mut sources.memory().bytes_mut()[range.clone()]).await;
        }
        let source_token = sources.memory().token().clone();
        let result_token = results.memory().token().clone();
        let (sources, results) = (Bytes::from_owner(sources), Bytes::from_owner(results));
        Some(Staged { plan, source_token, result_token, sources, results, in_use })
    }

    /// Two buffers; `None` where there is no room.
    async fn take(&self, plan: &Plan, path: &str, in_use: InUse) -> Option<[PooledMemory; 2]> {
        let sizes = [plan.sources, plan.results];
        for _ in 0..2 {
            let (pool, in_use) = (self.pool(path)?, in_use.clone());
            let taking = tokio::task::spawn_blocking(move || {
                let [sources, results] = sizes;
                let sources = pool.take(sources, &in_use)?;
                Ok::<_, Error>([sources, pool.take(results, &in_use)?])
            });
            match taking.await.ok()? {
                Ok(buffers) => return Some(buffers),
                // The server is another one than the one that was connected to.
                Err(error) if error.code() == Code::Unavailable => self.forget(),
                Err(_) => return None,
            }
        }
        None
    }

    fn pool(&self, path: &str) -> Option<Arc<Pool>> {
        let mut pool = self.pool.lock().expect("no thread panics with the lock");
        if pool.is_none() {
            *pool = Some(Pool::open(path).ok()?);
        }
        pool.clone()
    }

    /// Begins anew with the next call.
    pub(crate) fn forget(&self) {
        *self.pool.lock().expect("no thread panics with the lock") = None;
    }
}

/// Where everything lies: the tensors in one buffer, which is soon given back, and the results in
/// another.
struct Plan {
    /// By tensor, in the order of `Evaluation::tensors`.
    places: Vec<Range<usize>>,
    outputs: Vec<(Output, Range<usize>)>,
    sources: usize,
    results: usize,
}

impl Plan {
    /// `None` where a result is asked for whose size is not known.
    fn new(evaluation: &Evaluation<'_>, value_bytes: Option<usize>) -> Option<Self> {
        let mut sources = 0;
        let places = evaluation
            .tensors()
            .map(|tensor| place(&mut sources, tensor.as_bytes().len()))
            .collect();
        let inputs = &evaluation.inputs;
        let (mut outputs, mut results) = (Vec::new(), 0);
        let mut add = |output, bytes| outputs.push((output, place(&mut results, bytes)));
        for quantity in &evaluation.quantities {
            match quantity {
                Quantity::Value => add(Output::Value, value_bytes?),
                Quantity::Gradient => {
                    for (i, input) in inputs.iter().enumerate() {
                        add(Output::Gradient(i as u32), input.as_bytes().len());
                    }
                }
                Quantity::SecondDerivative => {
                    add(Output::SecondDerivative, inputs[0].as_bytes().len())
                }
                Quantity::ParameterGradients => {} // they come in the reply
            }
        }
        Some(Self { places, outputs, sources, results })
    }
}

/// The next `bytes` from `end` on, which moves.
fn place(end: &mut usize, bytes: usize) -> Range<usize> {
    let begin = end.next_multiple_of(ALIGNMENT);
    *end = begin + bytes;
    begin..*end
}

async fn copy(from: &[u8], to: &mut [u8]) {
    for (from, to) in from.chunks(COPY_BYTES).zip(to.chunks_mut(COPY_BYTES)) {
        to.copy_from_slice(from);
        tokio::task::yield_now().await;
    }
}

/// An evaluation whose tensors are in shared memory.
pub(crate) struct Staged {
    plan: Plan,
    source_token: Bytes,
    result_token: Bytes,
    sources: Bytes,
    results: Bytes,
    in_use: InUse,
}

impl Staged {
    /// The evaluation in terms of shared memory.
    pub(crate) fn evaluation(&self, original: &Evaluation<'_>) -> Evaluation<'_> {
        let mut tensors = original.tensors().zip(&self.plan.places).map(|(tensor, range)| {
            let region = Region {
                token: self.source_token.clone(),
                offset: range.start,
                bytes: &self.sources[range.clone()],
            };
            let (element_type, shape) = (tensor.element_type(), tensor.shape().to_vec());
            Tensor::with_payload(element_type, shape, Payload::Shared(region))
                .expect("the bytes are as many as the original's")
        });
        let inputs = tensors.by_ref().take(original.inputs.len()).collect();
        let upstream = original.upstream.as_ref().and_then(|_| tensors.next());
        let arguments = original.arguments.iter().map(|(name, argument)| {
            let argument = argument.with_tensor(|| tensors.next().expect("one for each"));
            (name.clone(), argument)
        });
        Evaluation {
            activation: original.activation.clone(),
            preset: original.preset.clone(),
            arguments: arguments.collect(),
            inputs,
            upstream,
            quantities: original.quantities.clone(),
            destinations: self.destinations(),
        }
    }

    fn destinations(&self) -> Vec<Destination<'_>> {
        let outputs = self.plan.outputs.iter();
        let destinations = outputs.map(|(output, range)| Destination {
            output: output.clone(),
            region: v1::BufferRegion {
                token: self.result_token.clone(),
                offset: range.start as u64,
                length: range.len() as u64,
            },
            array: PhantomData,
        });
        destinations.collect()
    }

    /// Puts the bytes in shared memory where the reply names them. The memory is used by others when
    /// the last result over it has gone, unless an attempt at the call was given up: the server may
    /// not know that yet.
    pub(crate) fn fill(self, result: &mut v1::Result, attempts: u32) {
        if attempts == 1 {
            self.in_use.end();
        }
        let tensors = result
            .value
            .iter_mut()
            .chain(&mut result.gradients)
            .chain(&mut result.second_derivative)
            .chain(result.parameter_gradients.iter_mut().filter_map(|p| p.gradient.as_mut()));
        for tensor in tensors {
            let Some(region) = tensor.region.take() else { continue };
            let (begin, length) = (region.offset as usize, region.length as usize);
            let end = begin.saturating_add(length);
            if region.token == self.result_token && end <= self.results.len() {
                tensor.data = self.results.slice(begin..end);
            } // else the tensor is empty, and so a reply that makes no sense
        }
    }
}

impl ArgumentValue<'_> {
    fn with_tensor<'b>(&self, next: impl FnOnce() -> Tensor<'b>) -> ArgumentValue<'b> {
        match self {
            Self::Number(number) => ArgumentValue::Number(*number),
            Self::Word(word) => ArgumentValue::Word(word.clone()),
            Self::Tensor(_) => ArgumentValue::Tensor(next()),
        }
    }
}

impl crate::evaluation::Argument<'_> {
    fn with_tensor<'b>(
        &self,
        next: impl FnOnce() -> Tensor<'b>,
    ) -> crate::evaluation::Argument<'b> {
        crate::evaluation::Argument { value: self.value.with_tensor(next), axis: self.axis }
    }
}
