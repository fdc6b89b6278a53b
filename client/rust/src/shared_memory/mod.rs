//! Memory that this process and a server on the same machine both see, so that tensors need not
//! travel.

mod array;
mod connection;
mod memory;
mod pool;
mod transport;

pub(crate) use array::{Destination, Region};
pub use array::{Output, SharedArray, SharedBuffers};
pub(crate) use transport::Transport;
