//! The client for programs without an async runtime: its calls wait for their results.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::builder::Builder;
use crate::error::Error;
use crate::evaluation::Evaluation;
use crate::health::Health;
use crate::result::EvaluationResult;
use crate::v1;

/// [`crate::Client`], whose methods wait. It has one thread of its own, for its connections.
///
/// Clones share it. A client may be used from many threads at once.
///
/// # Panics
///
/// Every call panics within an async task: use [`crate::Client`] there.
///
/// ```no_run
/// use rectifier::{Evaluation, blocking::Client};
///
/// let client = Client::new()?;
/// let x = [-2.0_f32, -0.5, 0.5, 2.0];
/// let result = client.evaluate(&Evaluation::new("elu", &x).gradient())?;
/// println!("{:?}", result.value()?.as_slice::<f32>()?);
/// # Ok::<(), rectifier::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    client: crate::Client,
    runtime: Arc<BackgroundRuntime>,
}

impl Client {
    /// As [`crate::Client::new`].
    ///
    /// # Errors
    ///
    /// As [`Builder::build_blocking`].
    pub fn new() -> Result<Self, Error> {
        Self::builder().build_blocking()
    }

    /// As [`crate::Client::connect`].
    ///
    /// # Errors
    ///
    /// As [`Builder::build_blocking`].
    pub fn connect(target: impl Into<String>) -> Result<Self, Error> {
        Self::builder().target(target).build_blocking()
    }

    /// Says more about the client: [`Builder::build_blocking`] ends it.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn over(client: crate::Client) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("rectifier")
            .enable_all()
            .build()
            .map_err(|error| Error::Configuration(format!("the client's thread: {error}")))?;
        Ok(Self { client, runtime: Arc::new(BackgroundRuntime(Some(runtime))) })
    }

    /// As [`crate::Client::with_timeout`].
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with(self.client.with_timeout(timeout))
    }

    /// As [`crate::Client::without_timeout`].
    #[must_use]
    pub fn without_timeout(&self) -> Self {
        self.with(self.client.without_timeout())
    }

    /// As [`crate::Client::with_metadata`].
    ///
    /// # Errors
    ///
    /// As [`crate::Client::with_metadata`].
    pub fn with_metadata(&self, key: &str, value: &str) -> Result<Self, Error> {
        Ok(self.with(self.client.with_metadata(key, value)?))
    }

    /// The target that is called.
    pub fn target(&self) -> &str {
        self.client.target()
    }

    /// As [`crate::Client::evaluate`].
    ///
    /// # Errors
    ///
    /// As [`crate::Client::evaluate`].
    pub fn evaluate(&self, evaluation: &Evaluation<'_>) -> Result<EvaluationResult, Error> {
        self.wait(self.client.evaluate(evaluation))
    }

    /// As [`crate::Client::evaluate_batch`].
    ///
    /// # Errors
    ///
    /// As [`crate::Client::evaluate_batch`].
    pub fn evaluate_batch(
        &self,
        evaluations: &[Evaluation<'_>],
    ) -> Result<Vec<EvaluationResult>, Error> {
        self.wait(self.client.evaluate_batch(evaluations))
    }

    /// As [`crate::Client::list_activations`].
    ///
    /// # Errors
    ///
    /// As [`crate::Client::list_activations`].
    pub fn list_activations(&self) -> Result<Vec<v1::ActivationDescription>, Error> {
        self.wait(self.client.list_activations())
    }

    /// As [`crate::Client::describe`].
    ///
    /// # Errors
    ///
    /// As [`crate::Client::describe`].
    pub fn describe(&self, name: &str) -> Result<v1::ActivationDescription, Error> {
        self.wait(self.client.describe(name))
    }

    /// As [`crate::Client::server_info`].
    ///
    /// # Errors
    ///
    /// As [`crate::Client::server_info`].
    pub fn server_info(&self) -> Result<v1::GetServerInfoResponse, Error> {
        self.wait(self.client.server_info())
    }

    /// As [`crate::Client::health`].
    ///
    /// # Errors
    ///
    /// As [`crate::Client::health`].
    pub fn health(&self) -> Result<Health, Error> {
        self.wait(self.client.health())
    }

    /// As [`crate::Client::shared_buffers`].
    ///
    /// # Errors
    ///
    /// As [`crate::Client::shared_buffers`].
    #[cfg(target_os = "linux")]
    pub fn shared_buffers(&self) -> Result<crate::SharedBuffers, Error> {
        self.wait(self.client.shared_buffers())
    }

    fn with(&self, client: crate::Client) -> Self {
        Self { client, runtime: self.runtime.clone() }
    }

    fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.0.as_ref().expect("it is there until it is dropped").block_on(future)
    }
}

/// A runtime that may be dropped anywhere, also within an async task.
#[derive(Debug)]
struct BackgroundRuntime(Option<Runtime>);

impl Drop for BackgroundRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
