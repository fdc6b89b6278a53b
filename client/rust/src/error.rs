//! Why a call failed, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use prost::Message;
pub use tonic::Code;

use crate::element::ElementType;
use crate::v1;

/// Why something failed.
///
/// ```no_run
/// # let client = rectifier::blocking::Client::new()?;
/// match client.evaluate(&rectifier::Evaluation::new("gellu", &[1.0_f32])) {
///     Ok(result) => println!("{:?}", result.value()?),
///     Err(error) => {
///         for violation in error.violations() {
///             // evaluations[0].activation.name: no activation "gellu"; did you mean "gelu"?
///             eprintln!("{}: {}", violation.field, violation.description);
///         }
///     }
/// }
/// # Ok::<(), rectifier::Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused the call, could not be reached, or did not answer in time.
    #[error(transparent)]
    Call(Box<CallError>),

    /// What was asked for cannot be sent, or the server would refuse it. Nothing was sent.
    #[error("{}: {}", .violation.field, .violation.description)]
    #[non_exhaustive]
    Argument {
        /// The field at fault, and what is wrong with it.
        violation: Violation,
        /// The cause, for programs, in the server's words.
        reason: &'static str,
    },

    /// A target, a token or the parts of TLS do not make sense.
    #[error("{0}")]
    Configuration(String),

    /// A file of certificates, keys or tokens cannot be used.
    #[error("{what}: {}: {source}", .path.display())]
    File {
        /// Which setting named it.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },

    /// The elements of a tensor are of another type than the one asked for.
    #[error("the tensor holds {actual}, and {requested} is asked for")]
    ElementType {
        /// What it holds.
        actual: ElementType,
        /// What was asked for.
        requested: ElementType,
    },

    /// The bytes of a tensor are no elements in place: `to_vec` copies those that lie unaligned.
    #[error("the tensor's bytes are not aligned, or no truth values: to_vec() copies the former")]
    Unaligned,

    /// A result that was not asked for, or that went to a shared array.
    #[error("{0}")]
    NoResult(&'static str),
}

/// A call that failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallError {
    /// The code of gRPC.
    pub code: Code,
    /// What the server, or the connection, says.
    pub message: String,
    /// The cause, for programs: `UNKNOWN_ACTIVATION`. It is empty where the server gives none.
    pub reason: String,
    /// The fields of the request at fault.
    pub violations: Vec<Violation>,
    /// How long to wait before a retry that makes sense. The client has retried already.
    pub retry_delay: Option<Duration>,
    /// More for programs: `element`, the index of the element of a tensor at fault.
    pub metadata: BTreeMap<String, String>,
    /// Who was called.
    pub target: String,
    /// The time that the call had.
    pub timeout: Option<Duration>,
}

/// A field of the request at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Its path: `evaluations[0].activation.arguments["beta"]`.
    pub field: String,
    /// What was given, and what is allowed.
    pub description: String,
}

impl Error {
    /// The code of gRPC; INVALID_ARGUMENT for what was refused before it was sent.
    pub fn code(&self) -> Code {
        match self {
            Self::Call(call) => call.code,
            _ => Code::InvalidArgument,
        }
    }

    /// The cause, for programs: `UNKNOWN_ACTIVATION`; empty where there is none.
    pub fn reason(&self) -> &str {
        match self {
            Self::Call(call) => &call.reason,
            Self::Argument { reason, .. } => reason,
            _ => "",
        }
    }

    /// The fields of the request at fault.
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Call(call) => &call.violations,
            Self::Argument { violation, .. } => std::slice::from_ref(violation),
            _ => &[],
        }
    }

    /// How long to wait before a retry that makes sense, where the server says so.
    pub fn retry_delay(&self) -> Option<Duration> {
        match self {
            Self::Call(call) => call.retry_delay,
            _ => None,
        }
    }

    /// The details of a call that failed.
    pub fn call(&self) -> Option<&CallError> {
        match self {
            Self::Call(call) => Some(call),
            _ => None,
        }
    }

    pub(crate) fn argument(
        field: impl Into<String>,
        description: impl Into<String>,
        reason: &'static str,
    ) -> Self {
        let violation = Violation { field: field.into(), description: description.into() };
        Self::Argument { violation, reason }
    }

    /// That of a call with one evaluation, as of number `i` of the caller's.
    pub(crate) fn of_evaluation(mut self, i: usize) -> Self {
        let renamed = |text: &str| text.replace("evaluations[0]", &format!("evaluations[{i}]"));
        match &mut self {
            Self::Argument { violation, .. } => violation.field = renamed(&violation.field),
            Self::Call(call) => {
                call.message = renamed(&call.message);
                for violation in &mut call.violations {
                    violation.field = renamed(&violation.field);
                }
            }
            _ => {}
        }
        self
    }

    /// A reply that makes no sense.
    pub(crate) fn bad_reply(target: &str, what: impl fmt::Display) -> Self {
        let status = tonic::Status::internal(format!("the server sent {what}"));
        CallError::from_status(&status, target, None).into()
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        Self::Call(Box::new(error))
    }
}

impl CallError {
    /// What a status of gRPC says, with its details, for those who call by stubs of their own.
    pub fn from_status(status: &tonic::Status, target: &str, timeout: Option<Duration>) -> Self {
        let mut error = Self {
            code: status.code(),
            message: message_of(status),
            reason: String::new(),
            violations: Vec::new(),
            retry_delay: None,
            metadata: BTreeMap::new(),
            target: target.to_owned(),
            timeout,
        };
        let details = v1::Status::decode(status.details()).unwrap_or_default().details;
        for detail in details {
            // What cannot be read is of a newer server: the message says the same for people.
            let _ = error.add_detail(&detail);
        }
        error
    }

    fn add_detail(&mut self, detail: &prost_types::Any) -> Result<(), prost::DecodeError> {
        let value = detail.value.as_slice();
        match detail.type_url.rsplit('/').next().unwrap_or_default() {
            "google.rpc.BadRequest" => {
                let violations = v1::BadRequest::decode(value)?.field_violations.into_iter();
                self.violations.extend(
                    violations.map(|v| Violation { field: v.field, description: v.description }),
                );
            }
            "google.rpc.ErrorInfo" => {
                let info = v1::ErrorInfo::decode(value)?;
                self.reason = info.reason;
                self.metadata = info.metadata;
            }
            "google.rpc.RetryInfo" => {
                let delay = v1::RetryInfo::decode(value)?.retry_delay;
                self.retry_delay = delay.and_then(|delay| delay.try_into().ok());
            }
            _ => {}
        }
        Ok(())
    }
}

/// With what lies under it: tonic says "tcp connect error" of a connection that was refused.
fn message_of(status: &tonic::Status) -> String {
    let mut message = status.message().to_owned();
    let mut source = std::error::Error::source(status);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !message.contains(&text) {
            if !message.is_empty() {
                message.push_str(": ");
            }
            message.push_str(&text);
        }
        source = cause.source();
    }
    message
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, code, target, .. } = self;
        let code = name_of(*code);
        match self.timeout {
            Some(timeout) if self.code == Code::DeadlineExceeded => {
                write!(formatter, "{message} ({code}, from {target}, within {timeout:?})")
            }
            _ => write!(formatter, "{message} ({code}, from {target})"),
        }
    }
}

impl std::error::Error for CallError {}

/// The name of a code as gRPC writes it: INVALID_ARGUMENT.
fn name_of(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
