//! How a client knows that it talks to the right server, and how the server knows the client.

use std::fmt;
use std::path::Path;

use tonic::metadata::{Ascii, MetadataValue};

use crate::error::Error;
use crate::target::Place;

/// TLS and tokens. The default has neither.
///
/// Files are read when the client is made: to exchange one, make a new client.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Security {
    /// The authorities that may have signed the server's certificate, as a file of PEM; `system`
    /// stands for those that the system trusts. Empty: no TLS. Unix sockets never speak TLS.
    pub tls_ca: String,
    /// The client's own certificate, as a file of PEM, for servers that ask for one.
    pub tls_certificate: String,
    /// The key of `tls_certificate`, as a file of PEM.
    pub tls_key: String,
    /// The name that the server's certificate must have, where it is not the host of the target.
    pub tls_server_name: String,
    /// A token. It is sent over TLS, to this machine and to unix sockets alone.
    pub token: String,
    /// The file that holds the token.
    pub token_file: String,
}

impl Security {
    /// What `RECTIFIER_TLS_CA`, `RECTIFIER_TOKEN_FILE` and so on say, each in place of a field.
    pub fn from_environment() -> Self {
        let given = |name: &str| std::env::var(format!("RECTIFIER_{name}")).unwrap_or_default();
        let token_file = given("TOKEN_FILE");
        Self {
            tls_ca: given("TLS_CA"),
            tls_certificate: given("TLS_CERTIFICATE"),
            tls_key: given("TLS_KEY"),
            tls_server_name: given("TLS_SERVER_NAME"),
            token: if token_file.is_empty() { given("TOKEN") } else { String::new() },
            token_file,
        }
    }

    /// What every call carries. Errors: as the builder's `build`.
    pub(crate) fn authorization(
        &self,
        places: &[Place],
        target: &str,
    ) -> Result<Option<MetadataValue<Ascii>>, Error> {
        let wrong = |text: String| Err(Error::Configuration(text));
        if !self.token.is_empty() && !self.token_file.is_empty() {
            return wrong("both token and token_file are given; one is needed".to_owned());
        }
        let (what, token) = match self.token_file.as_str() {
            "" => ("token", self.token.clone()),
            path => ("token_file", read("token_file", path)?.trim().to_owned()),
        };
        if token.is_empty() && self.token_file.is_empty() {
            return Ok(None);
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        if token.is_empty() || !token.chars().all(is_plain) {
            return wrong(format!("{what}: a token has letters, digits and -._~+/= alone"));
        }
        if self.tls_ca.is_empty() && !places.iter().all(Place::stays_here) {
            return wrong(format!(
                "{what}: it would travel to {target} in the open; tls_ca turns TLS on"
            ));
        }
        let mut value = MetadataValue::try_from(format!("Bearer {token}")).expect("plain letters");
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// TLS for TCP; `None`: none. Errors: as the builder's `build`.
    #[cfg(feature = "tls")]
    pub(crate) fn tls(&self) -> Result<Option<tonic::transport::ClientTlsConfig>, Error> {
        use tonic::transport::{Certificate, ClientTlsConfig, Identity};
        self.check_parts()?;
        if self.tls_ca.is_empty() {
            return Ok(None);
        }
        let mut tls = ClientTlsConfig::new();
        tls = match self.tls_ca.as_str() {
            "system" => tls.with_native_roots(),
            path => tls.ca_certificate(Certificate::from_pem(read_pem("tls_ca", path, CERT)?)),
        };
        if !self.tls_certificate.is_empty() {
            let certificate = read_pem("tls_certificate", &self.tls_certificate, CERT)?;
            let key = read_pem("tls_key", &self.tls_key, "PRIVATE KEY")?;
            tls = tls.identity(Identity::from_pem(certificate, key));
        }
        Ok(Some(tls))
    }

    /// Errors: as the builder's `build`.
    #[cfg(not(feature = "tls"))]
    pub(crate) fn tls(&self) -> Result<Option<std::convert::Infallible>, Error> {
        self.check_parts()?;
        if self.tls_ca.is_empty() {
            return Ok(None);
        }
        Err(Error::Configuration("tls_ca: the feature \"tls\" of the crate is off".to_owned()))
    }

    fn check_parts(&self) -> Result<(), Error> {
        let wrong = |text: &str| Err(Error::Configuration(text.to_owned()));
        if self.tls_certificate.is_empty() != self.tls_key.is_empty() {
            return wrong("tls_certificate and tls_key are needed together");
        }
        let wants_tls = !self.tls_certificate.is_empty() || !self.tls_server_name.is_empty();
        if self.tls_ca.is_empty() && wants_tls {
            return wrong("tls_ca is needed for TLS; \"system\" stands for what the system trusts");
        }
        Ok(())
    }
}

#[cfg(feature = "tls")]
const CERT: &str = "BEGIN CERT";

fn read(what: &'static str, path: &str) -> Result<String, Error> {
    let path = Path::new(path);
    std::fs::read_to_string(path).map_err(|source| Error::File {
        what,
        path: path.to_owned(),
        source,
    })
}

#[cfg(feature = "tls")]
fn read_pem(what: &'static str, path: &str, marker: &str) -> Result<String, Error> {
    let content = read(what, path)?;
    if content.contains(marker) {
        return Ok(content);
    }
    Err(Error::Configuration(format!("{what}: {path}: the file holds none in PEM")))
}

/// Without the token.
impl fmt::Debug for Security {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Security");
        for (name, value) in [
            ("tls_ca", &self.tls_ca),
            ("tls_certificate", &self.tls_certificate),
            ("tls_key", &self.tls_key),
            ("tls_server_name", &self.tls_server_name),
            ("token_file", &self.token_file),
        ] {
            if !value.is_empty() {
                shown.field(name, value);
            }
        }
        shown.finish_non_exhaustive()
    }
}
