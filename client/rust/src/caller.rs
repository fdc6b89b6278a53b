//! One call: its deadline, its metadata, its retries.

use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use prost::Message;
use tonic::client::Grpc;
use tonic::metadata::{Ascii, MetadataMap, MetadataValue};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

use crate::connections::Connections;
use crate::error::{CallError, Error};
use crate::exchange::{BreakableCodec, Replies, Requests};
use crate::retry::delay_before_retry;

/// What the server is told of the time left has eight digits at most.
const LONGEST_TOLD: Duration = Duration::from_secs(99_999_999);

/// What the calls of a client have in common.
#[derive(Clone, Debug)]
pub(crate) struct CallOptions {
    /// `None`: no end.
    pub(crate) timeout: Option<Duration>,
    /// When the timeout of what has begun is over.
    pub(crate) deadline: Option<Instant>,
    pub(crate) metadata: MetadataMap,
    /// A call that failed may have been computed all the same.
    pub(crate) may_repeat: bool,
}

impl CallOptions {
    /// Those of several calls that have one timeout together, which begins now.
    pub(crate) fn begun(&self) -> Self {
        Self { deadline: self.deadline(), ..self.clone() }
    }

    fn deadline(&self) -> Option<Instant> {
        let from_now = |timeout| Instant::now().checked_add(timeout);
        self.deadline.or_else(|| self.timeout.and_then(from_now))
    }
}

/// Makes calls to one target.
pub(crate) struct Caller {
    pub(crate) target: String,
    pub(crate) connections: Connections,
    pub(crate) authorization: Option<MetadataValue<Ascii>>,
}

/// One attempt at a call.
pub(crate) struct Attempt {
    grpc: Grpc<Channel>,
    metadata: MetadataMap,
    time_left: Option<Duration>,
}

impl Caller {
    /// Waits for work beside the calls. Errors: DEADLINE_EXCEEDED.
    pub(crate) async fn in_time<F: Future>(
        &self,
        options: &CallOptions,
        work: F,
    ) -> Result<F::Output, Error> {
        let Some(deadline) = options.deadline() else { return Ok(work.await) };
        tokio::time::timeout_at(deadline.into(), work)
            .await
            .map_err(|_| CallError::from_status(&too_late(), &self.target, options.timeout).into())
    }

    /// Makes attempts until one succeeds, the failure is one that no retry cures, or the time is
    /// up.
    ///
    /// No call changes anything in the server, so that each may be repeated but for one that computes
    /// in place, in memory of the caller's.
    pub(crate) async fn call<T, F, R>(
        &self,
        options: &CallOptions,
        mut attempt: F,
    ) -> Result<T, Error>
    where
        F: FnMut(Attempt) -> R,
        R: Future<Output = Result<T, Status>>,
    {
        let deadline = options.deadline();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let outcome = self.try_once(options, deadline, &mut attempt).await;
            let status = match outcome {
                Ok(reply) => return Ok(reply),
                Err(status) => status,
            };
            let failure = CallError::from_status(&status, &self.target, options.timeout);
            match self.delay_before_retry(&failure, &status, attempts) {
                Some(delay) if options.may_repeat && ends_before(deadline, delay) => {
                    tokio::time::sleep(delay).await
                }
                _ => return Err(failure.into()),
            }
        }
    }

    async fn try_once<T, F, R>(
        &self,
        options: &CallOptions,
        deadline: Option<Instant>,
        attempt: &mut F,
    ) -> Result<T, Status>
    where
        F: FnMut(Attempt) -> R,
        R: Future<Output = Result<T, Status>>,
    {
        let time_left = deadline.map(|end| end.saturating_duration_since(Instant::now()));
        let work = async {
            let node = self.connections.pick().await?;
            let attempted = Attempt {
                grpc: Grpc::new(node.channel.clone()).max_decoding_message_size(usize::MAX),
                metadata: self.metadata(options),
                time_left,
            };
            let result = attempt(attempted).await.map_err(as_unavailable);
            match &result {
                Err(status) if status.code() == Code::Unavailable => node.failed(),
                _ => node.succeeded(),
            }
            result
        };
        let result = match time_left {
            Some(time) => {
                tokio::time::timeout(time, work).await.unwrap_or_else(|_| Err(too_late()))
            }
            None => work.await,
        };
        // tonic has a clock of its own, which says CANCELLED.
        result.map_err(|status| match status.code() {
            Code::Cancelled if deadline.is_some_and(|end| Instant::now() >= end) => too_late(),
            _ => status,
        })
    }

    fn metadata(&self, options: &CallOptions) -> MetadataMap {
        let mut metadata = options.metadata.clone();
        if let Some(authorization) = &self.authorization {
            metadata.insert("authorization", authorization.clone());
        }
        metadata
    }

    fn delay_before_retry(
        &self,
        failure: &CallError,
        status: &Status,
        attempts: u32,
    ) -> Option<Duration> {
        let delay = delay_before_retry(failure, status, attempts)?;
        let is_elsewhere = failure.code == Code::Unavailable && self.connections.has_healthy();
        Some(if is_elsewhere { Duration::ZERO } else { delay })
    }
}

/// The delay is the server's word, and may be any.
fn ends_before(deadline: Option<Instant>, delay: Duration) -> bool {
    let end = Instant::now().checked_add(delay);
    end.is_some_and(|end| deadline.is_none_or(|deadline| end < deadline))
}

fn too_late() -> Status {
    Status::deadline_exceeded("the server did not answer in time")
}

/// A connection that breaks during a call is UNAVAILABLE; hyper and tonic say UNKNOWN or CANCELLED
/// of it. What the server itself answers has no source.
fn as_unavailable(status: Status) -> Status {
    let is_connection = matches!(status.code(), Code::Unknown | Code::Cancelled | Code::Internal)
        && std::error::Error::source(&status).is_some();
    if !is_connection || status.message().contains("Timeout expired") {
        return status;
    }
    let message = format!("the connection broke: {}", status.message());
    let mut unavailable = Status::unavailable(message);
    unavailable.set_source(std::sync::Arc::new(status));
    unavailable
}

impl Attempt {
    /// One request, one reply.
    pub(crate) async fn unary<Q, A>(mut self, path: &'static str, message: Q) -> Result<A, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        self.ready().await?;
        let request = self.request(message);
        let reply = self.grpc.unary(request, route(path), ProstCodec::<Q, A>::default()).await?;
        Ok(reply.into_inner())
    }

    /// Requests as they come, and replies.
    pub(crate) fn stream<Q, A>(mut self, path: &'static str, requests: Requests<Q>) -> Replies<A>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        Replies::of(async move {
            self.ready().await?;
            let request = self.request(requests);
            let codec = BreakableCodec::<Q, A>::default();
            Ok(self.grpc.streaming(request, route(path), codec).await?.into_inner())
        })
    }

    async fn ready(&mut self) -> Result<(), Status> {
        self.grpc.ready().await.map_err(|error| Status::from_error(error.into()))
    }

    fn request<M>(&mut self, message: M) -> Request<M> {
        let mut request = Request::new(message);
        *request.metadata_mut() = std::mem::take(&mut self.metadata);
        if let Some(time) = self.time_left {
            request.set_timeout(time.min(LONGEST_TOLD));
        }
        request
    }
}

fn route(path: &'static str) -> PathAndQuery {
    PathAndQuery::from_static(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_of_any_length_is_compared_with_the_deadline() {
        let minute = Instant::now().checked_add(Duration::from_secs(60));
        assert!(ends_before(minute, Duration::from_secs(1)));
        assert!(!ends_before(minute, Duration::from_secs(61)));
        assert!(ends_before(None, Duration::from_secs(61)));
        assert!(!ends_before(None, Duration::MAX));
    }

    #[tokio::test]
    async fn the_server_is_told_the_time_left() {
        let channel = tonic::transport::Endpoint::from_static("http://localhost:1").connect_lazy();
        let mut attempt = Attempt {
            grpc: Grpc::new(channel),
            metadata: MetadataMap::new(),
            time_left: Some(Duration::from_millis(200)),
        };
        let request = attempt.request(());
        assert!(request.metadata().contains_key("grpc-timeout"));
    }
}
