//! Whether a call that failed is repeated, and when.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use tonic::{Code, Status};

use crate::error::CallError;

const MAX_ATTEMPTS: u32 = 5;
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(2);

/// `None`: no retry. What the server says goes before what we would do.
pub(crate) fn delay_before_retry(
    failure: &CallError,
    status: &Status,
    attempts: u32,
) -> Option<Duration> {
    let is_retryable = matches!(failure.code, Code::Unavailable | Code::ResourceExhausted);
    if !is_retryable || attempts >= MAX_ATTEMPTS {
        return None;
    }
    if let Some(pushback) = status.metadata().get("grpc-retry-pushback-ms") {
        // What is no number of milliseconds, such as -1, says: do not retry.
        return Some(Duration::from_millis(pushback.to_str().ok()?.parse().ok()?));
    }
    match failure.code {
        Code::Unavailable => Some(failure.retry_delay.unwrap_or_else(|| backoff(attempts))),
        _ => failure.retry_delay, // else a message is too large, which no retry cures
    }
}

/// A random time up to one that doubles, so that callers do not come back together.
fn backoff(attempts: u32) -> Duration {
    let most = MAX_BACKOFF.min(FIRST_BACKOFF * 2_u32.pow(attempts - 1));
    let random = RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64;
    most.mul_f64(0.5 + random / 2.0)
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use tonic::metadata::MetadataValue;

    use super::*;
    use crate::v1;

    fn delay(status: &Status, attempts: u32) -> Option<Duration> {
        delay_before_retry(&CallError::from_status(status, "", None), status, attempts)
    }

    fn with_pushback(code: Code, pushback: &'static str) -> Status {
        let mut status = Status::new(code, "");
        status
            .metadata_mut()
            .insert("grpc-retry-pushback-ms", MetadataValue::from_static(pushback));
        status
    }

    fn with_retry_info(code: Code) -> Status {
        let retry_delay = Some(prost_types::Duration { seconds: 1, nanos: 500_000_000 });
        let detail = prost_types::Any {
            type_url: "type.googleapis.com/google.rpc.RetryInfo".to_owned(),
            value: v1::RetryInfo { retry_delay }.encode_to_vec(),
        };
        let details = v1::Status { details: vec![detail], ..v1::Status::default() };
        Status::with_details(code, "", details.encode_to_vec().into())
    }

    #[test]
    fn the_servers_pushback_is_honoured() {
        for code in [Code::Unavailable, Code::ResourceExhausted] {
            let expected = Some(Duration::from_millis(250));
            assert_eq!(delay(&with_pushback(code, "250"), 1), expected);
            assert_eq!(delay(&with_pushback(code, "-1"), 1), None);
        }
        assert_eq!(delay(&with_pushback(Code::InvalidArgument, "250"), 1), None);
        let exhausted = with_retry_info(Code::ResourceExhausted);
        assert_eq!(delay(&exhausted, 1), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn what_no_retry_cures_is_not_repeated() {
        assert_eq!(delay(&Status::resource_exhausted("too large"), 1), None);
        assert_eq!(delay(&Status::invalid_argument(""), 1), None);
        assert_eq!(delay(&Status::deadline_exceeded(""), 1), None);
        assert_eq!(delay(&Status::unavailable(""), MAX_ATTEMPTS), None);
    }

    #[test]
    fn waits_double_up_to_a_bound() {
        for (attempts, most) in [(1, 100), (2, 200), (3, 400), (4, 800)] {
            let delay = delay(&Status::unavailable(""), attempts).expect("a retry");
            let most = Duration::from_millis(most);
            assert!(delay <= most && delay >= most / 2, "{delay:?}");
        }
    }
}
