//! The Rust client of Rectifier: batches of activation functions, evaluated by a server.
//!
//! Slices go in, and tensors that are looked at as slices come out. One evaluation gives all the
//! quantities that you ask for, in one pass over the data:
//!
//! ```no_run
//! use rectifier::{Evaluation, blocking::Client};
//!
//! let client = Client::new()?;
//! let x = [-2.0_f32, -0.5, 0.5, 2.0];
//! let result = client.evaluate(&Evaluation::new("elu", &x).gradient())?;
//! let y: &[f32] = result.value()?.as_slice()?;
//! let dy: &[f32] = result.gradient()?.as_slice()?;
//! # Ok::<(), rectifier::Error>(())
//! ```
//!
//! [`Client`] is for async programs (tokio), [`blocking::Client`] for all others. Activations are
//! named by strings, which the server checks: [`Client::list_activations`] tells which there are.
//! [`Error`] names the field at fault, and suggests.

mod assembly;
mod builder;
mod caller;
mod client;
mod connections;
mod element;
mod error;
mod evaluate;
mod evaluation;
mod exchange;
mod health;
mod limits;
mod request;
mod result;
mod retry;
mod security;
#[cfg(target_os = "linux")]
mod shared_memory;
mod stream;
mod target;
mod tensor;

pub mod blocking;

/// The programs of the README, which are compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The messages of the API, as `generate` writes them from the `.proto` files. The catalogue and
/// the server's description are some of them.
#[allow(clippy::all, missing_docs, rustdoc::all)]
#[rustfmt::skip]
pub mod v1;

pub use builder::Builder;
pub use client::Client;
pub use element::{Element, ElementType};
pub use error::{CallError, Code, Error, Violation};
pub use evaluation::{Argument, Evaluation, Quantity};
pub use health::Health;
pub use result::EvaluationResult;
pub use security::Security;
#[cfg(target_os = "linux")]
pub use shared_memory::{Output, SharedArray, SharedBuffers};
pub use target::default_target;
pub use tensor::Tensor;
