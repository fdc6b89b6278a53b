//! The standard health service, as far as a client asks it.

/// Whether the server takes calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Health {
    /// It is ready.
    Serving,
    /// It starts, drains, or cannot be reached by new callers.
    NotServing,
}

pub(crate) const PATH: &str = "/grpc.health.v1.Health/Check";
pub(crate) const SERVICE: &str = "rectifier.v1.ActivationService";

/// grpc.health.v1.HealthCheckRequest.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct HealthCheckRequest {
    #[prost(string, tag = "1")]
    pub(crate) service: String,
}

/// grpc.health.v1.HealthCheckResponse.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct HealthCheckResponse {
    #[prost(int32, tag = "1")]
    pub(crate) status: i32,
}

impl From<HealthCheckResponse> for Health {
    fn from(response: HealthCheckResponse) -> Self {
        const SERVING: i32 = 1;
        if response.status == SERVING { Self::Serving } else { Self::NotServing }
    }
}
