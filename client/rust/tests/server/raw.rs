//! Calls of bytes, also of those that are no message.

use std::future::pending;

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use tokio_stream::StreamExt;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Request, Status};

#[derive(Clone, Copy)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}

/// One Evaluate.
pub fn evaluate(target: &str, request: Vec<u8>) -> Result<(), Status> {
    call(target, "/rectifier.v1.ActivationService/Evaluate", vec![request])
}

/// One EvaluateStream, whose caller sends no more after these messages.
pub fn evaluate_stream(target: &str, messages: Vec<Vec<u8>>) -> Result<(), Status> {
    call(target, "/rectifier.v1.ActivationService/EvaluateStream", messages)
}

#[tokio::main(flavor = "current_thread")]
async fn call(target: &str, path: &'static str, messages: Vec<Vec<u8>>) -> Result<(), Status> {
    let endpoint = tonic::transport::Endpoint::from_shared(target.to_owned()).expect("a target");
    let mut grpc = tonic::client::Grpc::new(endpoint.connect_lazy());
    grpc.ready().await.expect("a connection");
    let messages = Request::new(tokio_stream::iter(messages));
    let replies = grpc.streaming(messages, PathAndQuery::from_static(path), Raw).await?;
    let mut replies = replies.into_inner();
    while replies.message().await?.is_some() {}
    Ok(())
}

/// An EvaluateStream that goes on until this is dropped.
pub struct OpenStream {
    _runtime: tokio::runtime::Runtime,
}

impl OpenStream {
    /// Sends its first message; the server may not have it yet.
    pub fn begin(target: String, header: Vec<u8>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.spawn(async move {
            let endpoint = tonic::transport::Endpoint::from_shared(target).expect("a target");
            let mut grpc = tonic::client::Grpc::new(endpoint.connect_lazy());
            grpc.ready().await.expect("a connection");
            let messages = tokio_stream::iter([header]).chain(tokio_stream::pending());
            let path = "/rectifier.v1.ActivationService/EvaluateStream";
            let path = PathAndQuery::from_static(path);
            let _replies = grpc.streaming(Request::new(messages), path, Raw).await;
            pending::<()>().await;
        });
        Self { _runtime: runtime }
    }
}
