//! The client against the real server, whose path is in the environment variable RECTIFIERD.

mod breaking_relay;
mod calls;
mod catalogue;
mod errors;
mod evaluate;
mod example;
mod large;
mod package;
mod raw;
mod security;
mod shared_arrays;
mod support;
mod vectors;
