//! The client: one method per thing that a server does.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tonic::metadata::{MetadataKey, MetadataMap, MetadataValue};

use crate::builder::Builder;
use crate::caller::{CallOptions, Caller};
use crate::connections::Connections;
use crate::error::{CallError, Error};
use crate::evaluation::Evaluation;
use crate::health::{self, Health, HealthCheckRequest, HealthCheckResponse};
use crate::security::Security;
use crate::{target, v1};

const LIST_ACTIVATIONS: &str = "/rectifier.v1.ActivationService/ListActivations";
const GET_SERVER_INFO: &str = "/rectifier.v1.ActivationService/GetServerInfo";

/// A client of a Rectifier server.
///
/// Clones share the connections, and are cheap. A client may be used from many tasks and threads at
/// once. Dropping the future of a call cancels it, in the server, too.
///
/// A call that fails because the server cannot be reached, is shutting down or has too much to do
/// is repeated, at another address or after the time that the server asks for, within its timeout.
///
/// Connections belong to the tokio runtime of the first call: use a client in one runtime.
///
/// # Errors
///
/// Every method that calls the server fails with [`Error::Call`] where the call fails.
///
/// ```no_run
/// # async fn example() -> Result<(), rectifier::Error> {
/// use rectifier::{Client, Evaluation};
///
/// let client = Client::new()?;
/// let x = [-2.0_f32, -0.5, 0.5, 2.0];
/// let result = client.evaluate(&Evaluation::new("elu", &x).gradient()).await?;
/// println!("{:?}", result.value()?.as_slice::<f32>()?);
/// println!("{:?}", result.gradient()?.as_slice::<f32>()?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    pub(crate) options: CallOptions,
}

pub(crate) struct Shared {
    pub(crate) caller: Caller,
    info: OnceCell<v1::GetServerInfoResponse>,
    #[cfg(target_os = "linux")]
    pub(crate) elementwise: OnceCell<HashSet<String>>,
    #[cfg(target_os = "linux")]
    pub(crate) memory: crate::shared_memory::Transport,
}

impl Client {
    /// A client of the default server: `RECTIFIER_TARGET`, else
    /// [`default_target`](crate::default_target); TLS and tokens as the environment says. It
    /// connects at its first call.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A client of the server at `target`: `unix:PATH`, `HOST:PORT`, or several with commas
    /// between.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn connect(target: impl Into<String>) -> Result<Self, Error> {
        Self::builder().target(target).build()
    }

    /// Says more about the client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn open(
        target: String,
        security: &Security,
        timeout: Option<Duration>,
        uses_shared_memory: bool,
    ) -> Result<Self, Error> {
        let places = target::parse(&target)?;
        let authorization = security.authorization(&places, &target)?;
        #[cfg(target_os = "linux")]
        let memory = crate::shared_memory::Transport::new(&places, uses_shared_memory);
        let _ = uses_shared_memory;
        let connections = Connections::new(places, security)?;
        let shared = Shared {
            caller: Caller { target, connections, authorization },
            info: OnceCell::new(),
            #[cfg(target_os = "linux")]
            elementwise: OnceCell::new(),
            #[cfg(target_os = "linux")]
            memory,
        };
        let options =
            CallOptions { timeout, deadline: None, metadata: MetadataMap::new(), may_repeat: true };
        Ok(Self { shared: Arc::new(shared), options })
    }

    /// The same client, whose calls may take this long.
    ///
    /// ```no_run
    /// # async fn example(client: rectifier::Client) -> Result<(), rectifier::Error> {
    /// # use std::time::Duration;
    /// let info = client.with_timeout(Duration::from_millis(200)).server_info().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let mut client = self.clone();
        client.options.timeout = Some(timeout);
        client
    }

    /// The same client, whose calls may take any time.
    #[must_use]
    pub fn without_timeout(&self) -> Self {
        let mut client = self.clone();
        client.options.timeout = None;
        client
    }

    /// The same client, whose calls carry this metadata as well.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] where key or value cannot travel as text.
    pub fn with_metadata(&self, key: &str, value: &str) -> Result<Self, Error> {
        let wrong = || Error::Configuration(format!("metadata {key:?}: {value:?} cannot be sent"));
        let name = MetadataKey::from_bytes(key.as_bytes()).map_err(|_| wrong())?;
        let text = MetadataValue::try_from(value).map_err(|_| wrong())?;
        let mut client = self.clone();
        client.options.metadata.append(name, text);
        Ok(client)
    }

    /// The target that is called.
    pub fn target(&self) -> &str {
        &self.shared.caller.target
    }

    /// The catalogue, in its order.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn list_activations(&self) -> Result<Vec<v1::ActivationDescription>, Error> {
        let request = v1::ListActivationsRequest {};
        let reply: v1::ListActivationsResponse = self.unary(LIST_ACTIVATIONS, request).await?;
        Ok(reply.activations)
    }

    /// What the catalogue says about the activation of this name or alias, before which the module
    /// may stand that it is known from: `torch.nn.SiLU`.
    ///
    /// # Errors
    ///
    /// [`Error::Call`] with the code `InvalidArgument` where there is none; it suggests the nearest
    /// name.
    pub async fn describe(&self, name: &str) -> Result<v1::ActivationDescription, Error> {
        let last = name.rsplit('.').next().unwrap_or(name);
        let mut activations = self.list_activations().await?;
        let found = [name, last].into_iter().find_map(|name| {
            let answers = |a: &v1::ActivationDescription| {
                a.name == name || a.aliases.iter().any(|alias| alias == name)
            };
            activations.iter().position(answers)
        });
        if let Some(index) = found {
            return Ok(activations.swap_remove(index));
        }
        // The server, which knows the nearest name, refuses an evaluation with this one.
        self.evaluate(&Evaluation::new(name, &[0.0_f64; 0])).await?;
        Err(Error::bad_reply(self.target(), format!("a catalogue without {name}")))
    }

    /// Version, CPU target, threads and limits of the server.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn server_info(&self) -> Result<v1::GetServerInfoResponse, Error> {
        self.unary(GET_SERVER_INFO, v1::GetServerInfoRequest {}).await
    }

    /// Whether the server takes calls. It needs no token.
    ///
    /// # Errors
    ///
    /// [`Error::Call`], with `Unavailable` where no server answers.
    pub async fn health(&self) -> Result<Health, Error> {
        let request = HealthCheckRequest { service: health::SERVICE.to_owned() };
        let reply: HealthCheckResponse = self.unary(health::PATH, request).await?;
        Ok(reply.into())
    }

    pub(crate) async fn known_info(&self) -> Result<&v1::GetServerInfoResponse, Error> {
        self.shared.info.get_or_try_init(|| self.server_info()).await
    }

    /// Memory shared with the server, which must be on this machine, for callers who keep their
    /// data there.
    ///
    /// Large tensors go through shared memory by themselves; this saves copying them.
    ///
    /// # Errors
    ///
    /// [`Error::Call`], with `FailedPrecondition` where the server offers none, and `Unavailable`
    /// where its socket cannot be reached.
    #[cfg(target_os = "linux")]
    pub async fn shared_buffers(&self) -> Result<crate::SharedBuffers, Error> {
        let path = &self.known_info().await?.buffers_socket;
        if path.is_empty() {
            let text = "the server offers no shared buffers; --buffers_listen turns them on";
            let status = tonic::Status::failed_precondition(text);
            return Err(CallError::from_status(&status, self.target(), None).into());
        }
        crate::SharedBuffers::connect(path)
    }

    pub(crate) async fn unary<Q, A>(&self, path: &'static str, message: Q) -> Result<A, Error>
    where
        Q: prost::Message + Clone + 'static,
        A: prost::Message + Default + 'static,
    {
        let attempt = |attempt: crate::caller::Attempt| attempt.unary(path, message.clone());
        self.shared.caller.call(&self.options, attempt).await
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Client")
            .field("target", &self.shared.caller.target)
            .field("timeout", &self.options.timeout)
            .finish_non_exhaustive()
    }
}
