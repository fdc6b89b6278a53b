//! What a client is made from.

use std::time::Duration;

use crate::client::Client;
use crate::error::Error;
use crate::security::Security;
use crate::target::default_target;

/// The time that a call has where nobody says otherwise.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// Makes a client that is not the default one.
///
/// ```
/// use std::time::Duration;
///
/// let client = rectifier::Client::builder()
///     .target("10.0.0.1:50051,10.0.0.2:50051")
///     .timeout(Duration::from_secs(5))
///     .build()?;
/// # Ok::<(), rectifier::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "build() makes the client"]
pub struct Builder {
    target: Option<String>,
    timeout: Option<Option<Duration>>,
    security: Option<Security>,
    avoids_shared_memory: bool,
}

impl Builder {
    /// Where the server is: `unix:PATH`, `HOST:PORT`, or several with commas between. Calls go to
    /// all addresses in turn, also to those that one name stands for.
    ///
    /// Default: the environment variable `RECTIFIER_TARGET`, else [`default_target`].
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// How long each call may take, with its retries. Default: 60 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(Some(timeout));
        self
    }

    /// Lets each call take any time.
    pub fn without_timeout(mut self) -> Self {
        self.timeout = Some(None);
        self
    }

    /// TLS and tokens. Default: what [`Security::from_environment`] says.
    pub fn security(mut self, security: Security) -> Self {
        self.security = Some(security);
        self
    }

    /// Whether large tensors go through memory that the server shares, where it is on this machine,
    /// reached by a unix socket, and offers that. Default: yes.
    pub fn shared_memory(mut self, is_used: bool) -> Self {
        self.avoids_shared_memory = !is_used;
        self
    }

    /// Makes the client, which connects at its first call.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] and [`Error::File`] for a target, files and tokens that cannot be
    /// used.
    pub fn build(self) -> Result<Client, Error> {
        let target = self.target.or_else(|| variable("RECTIFIER_TARGET"));
        let target = target.unwrap_or_else(default_target);
        let security = self.security.unwrap_or_else(Security::from_environment);
        let timeout = self.timeout.unwrap_or(Some(DEFAULT_TIMEOUT));
        Client::open(target, &security, timeout, !self.avoids_shared_memory)
    }

    /// Makes a client whose calls wait for their results.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`], and [`Error::Configuration`] where its thread cannot be started.
    pub fn build_blocking(self) -> Result<crate::blocking::Client, Error> {
        crate::blocking::Client::over(self.build()?)
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
