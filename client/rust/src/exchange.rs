//! The two directions of a stream, either of which breaks it off where its user goes before its end.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use prost::Message;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tonic::codec::{Codec, EncodeBuf, Encoder};
use tonic::{Status, Streaming};
use tonic_prost::ProstCodec;

/// Requests to send, of which `ahead` may wait.
pub(crate) fn requests<Q>(ahead: usize) -> (RequestSender<Q>, Requests<Q>) {
    let (sender, receiver) = mpsc::channel(ahead);
    (RequestSender(sender), Requests { receiver, is_over: false })
}

/// A stream whose sender is dropped before `finish` is broken off: the server, which cannot tell
/// why no more comes, would take it for a request that is not complete.
pub(crate) struct RequestSender<Q>(mpsc::Sender<Option<Q>>);

impl<Q> RequestSender<Q> {
    /// Whether the stream still takes requests.
    pub(crate) async fn send(&self, request: Q) -> bool {
        self.0.send(Some(request)).await.is_ok()
    }

    /// There are no more.
    pub(crate) async fn finish(self) {
        let _ = self.0.send(None).await; // a stream that has ended needs no end
    }
}

/// What tonic takes requests from.
pub(crate) struct Requests<Q> {
    receiver: mpsc::Receiver<Option<Q>>,
    is_over: bool,
}

pub(crate) enum Part<Q> {
    Request(Q),
    BreakOff,
}

impl<Q> Stream for Requests<Q> {
    type Item = Part<Q>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Part<Q>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let part = match ready!(self.receiver.poll_recv(context)) {
            Some(Some(request)) => return Poll::Ready(Some(Part::Request(request))),
            Some(None) => None,
            None => Some(Part::BreakOff),
        };
        self.is_over = true;
        Poll::Ready(part)
    }
}

/// An error of the encoder is what has hyper reset the stream.
pub(crate) struct BreakableCodec<Q, A>(ProstCodec<Q, A>);

impl<Q, A> Default for BreakableCodec<Q, A> {
    fn default() -> Self {
        Self(ProstCodec::default())
    }
}

impl<Q: Message + 'static, A: Message + Default + 'static> Codec for BreakableCodec<Q, A> {
    type Encode = Part<Q>;
    type Decode = A;
    type Encoder = BreakableEncoder<<ProstCodec<Q, A> as Codec>::Encoder>;
    type Decoder = <ProstCodec<Q, A> as Codec>::Decoder;

    fn encoder(&mut self) -> Self::Encoder {
        BreakableEncoder(self.0.encoder())
    }

    fn decoder(&mut self) -> Self::Decoder {
        self.0.decoder()
    }
}

pub(crate) struct BreakableEncoder<E>(E);

impl<Q, E: Encoder<Item = Q, Error = Status>> Encoder for BreakableEncoder<E> {
    type Item = Part<Q>;
    type Error = Status;

    fn encode(&mut self, part: Part<Q>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        match part {
            Part::Request(request) => self.0.encode(request, buffer),
            Part::BreakOff => Err(Status::cancelled("the caller has given the stream up")),
        }
    }
}

/// The replies, which a task of their own takes from the connection. When they are dropped it takes
/// what still comes, and throws it away: a server that waits to send a reply takes no requests, and
/// hyper breaks no stream off while it waits to send one.
pub(crate) struct Replies<A>(mpsc::Receiver<Result<A, Status>>);

impl<A: Send + 'static> Replies<A> {
    /// Those of a call that is about to be made, within a runtime. A call that no reply has come of is
    /// cancelled at once when they are dropped.
    pub(crate) fn of<C>(call: C) -> Self
    where
        C: Future<Output = Result<Streaming<A>, Status>> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(forward(call, sender));
        Self(receiver)
    }

    /// `None` at the end. Errors: the status of the stream, which has then ended as well.
    pub(crate) async fn next(&mut self) -> Result<Option<A>, Status> {
        self.0.recv().await.transpose()
    }
}

async fn forward<A, C>(call: C, sender: mpsc::Sender<Result<A, Status>>)
where
    C: Future<Output = Result<Streaming<A>, Status>>,
{
    let opened = tokio::select! {
        biased;
        opened = call => opened,
        () = sender.closed() => return,
    };
    let mut stream = match opened {
        Ok(stream) => stream,
        Err(status) => return drop(sender.send(Err(status)).await),
    };
    while let Some(reply) = stream.message().await.transpose() {
        let _ = sender.send(reply).await; // nobody may be there any more
    }
}
