//! Writes the messages of `rectifier.v1` as Rust, with the system's `protoc`:
//!
//!     cargo run --package rectifier-codegen -- PROTO_FOLDER OUTPUT_FOLDER

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(proto), Some(output), None) = (arguments.next(), arguments.next(), arguments.next())
    else {
        eprintln!("usage: rectifier-codegen PROTO_FOLDER OUTPUT_FOLDER");
        std::process::exit(2);
    };
    let files: Vec<PathBuf> = ["activation", "shared_buffer", "status"]
        .iter()
        .map(|name| proto.join(format!("rectifier/v1/{name}.proto")))
        .collect();
    prost_build::Config::new()
        // Payloads are views of the message that was received, without a copy.
        .bytes(["."])
        // Maps have one order, so that a request has one form.
        .btree_map(["."])
        .out_dir(output)
        .compile_protos(&files, &[proto])
}
