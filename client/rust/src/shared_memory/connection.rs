//! The connection to a server's socket of shared buffers: one request, one answer.

use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use prost::Message;
use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendFlags, SocketAddrUnix,
    SocketFlags, SocketType, connect, recvmsg, send, socket_with,
};
use tonic::{Code, Status};

use crate::error::{CallError, Error};
use crate::v1;
use crate::v1::buffer_request::Request;

const PATIENCE: Duration = Duration::from_secs(60);
/// The server's longest message has a few hundred bytes.
const MAX_ANSWER_BYTES: usize = 4096;

/// It is closed when it is dropped, which frees its buffers in the server.
///
/// Where the server did not answer, nothing more is asked, but the connection stays open: others may
/// have results in its buffers, which the server would empty.
#[derive(Debug)]
pub(crate) struct BufferConnection {
    path: String,
    socket: OwnedFd,
    /// Whether the next answer would be that to the next request.
    is_in_step: Mutex<bool>,
}

/// What an allocation gives: memory of whole pages.
pub(crate) struct Allocated {
    pub(crate) token: Bytes,
    pub(crate) bytes: usize,
    pub(crate) descriptor: OwnedFd,
}

impl BufferConnection {
    /// Errors: UNAVAILABLE where no server listens there.
    pub(crate) fn open(path: &str) -> Result<Self, Error> {
        let socket = Self::connect(path).map_err(|error| {
            failure(path, Code::Unavailable, format!("cannot connect: {error}"))
        })?;
        Ok(Self { path: path.to_owned(), socket, is_in_step: Mutex::new(true) })
    }

    fn connect(path: &str) -> Result<OwnedFd, Errno> {
        let address = SocketAddrUnix::new(path)?;
        let (family, kind) = (AddressFamily::UNIX, SocketType::SEQPACKET);
        let socket = socket_with(family, kind, SocketFlags::CLOEXEC, None)?;
        set_socket_timeout(&socket, Timeout::Recv, Some(PATIENCE))?;
        set_socket_timeout(&socket, Timeout::Send, Some(PATIENCE))?;
        connect(&socket, &address)?;
        Ok(socket)
    }

    /// Errors: what the server answers; UNAVAILABLE where it has gone.
    pub(crate) fn allocate(&self, bytes: usize) -> Result<Allocated, Error> {
        let request = Request::Allocate(v1::AllocateBuffer { bytes: bytes as u64 });
        let (response, descriptor) = self.ask(request)?;
        let size = usize::try_from(response.bytes).unwrap_or(0);
        let is_whole = |descriptor: &OwnedFd| {
            let status = rustix::fs::fstat(descriptor);
            status.is_ok_and(|status| u64::try_from(status.st_size) == Ok(response.bytes))
        };
        match descriptor.filter(is_whole) {
            Some(descriptor) if size >= bytes => {
                Ok(Allocated { token: response.token, bytes: size, descriptor })
            }
            _ => Err(failure(&self.path, Code::Internal, "the server sent no such buffer")),
        }
    }

    /// Errors: as `allocate`.
    pub(crate) fn release(&self, token: Bytes) -> Result<(), Error> {
        self.ask(Request::Release(v1::ReleaseBuffer { token })).map(|_| ())
    }

    /// The answer is read though the request could not be sent: a server that has no room for the
    /// connection says so before it hangs up.
    fn ask(&self, request: Request) -> Result<(v1::BufferResponse, Option<OwnedFd>), Error> {
        let message = v1::BufferRequest { request: Some(request) }.encode_to_vec();
        let mut is_in_step = self.is_in_step.lock().expect("no thread panics with the lock");
        if !*is_in_step {
            let why = "the server did not answer before";
            return Err(failure(&self.path, Code::Unavailable, why));
        }
        let _ = repeat(|| send(&self.socket, &message, SendFlags::NOSIGNAL));
        let answer = receive(&self.socket).and_then(|(bytes, descriptor)| {
            let response = v1::BufferResponse::decode(bytes.as_slice());
            Ok((response.map_err(|_| "its answer is no message".to_owned())?, descriptor))
        });
        let (response, descriptor) = answer.map_err(|why| {
            *is_in_step = false;
            failure(&self.path, Code::Unavailable, why)
        })?;
        match Code::from(response.code) {
            Code::Ok => Ok((response, descriptor)),
            code => Err(failure(&self.path, code, response.message)),
        }
    }
}

fn receive(socket: &OwnedFd) -> Result<(Vec<u8>, Option<OwnedFd>), String> {
    let mut room = vec![0; MAX_ANSWER_BYTES];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut receive_once = || {
        let parts = &mut [IoSliceMut::new(&mut room)];
        repeat(|| recvmsg(socket, parts, &mut ancillary, RecvFlags::CMSG_CLOEXEC))
    };
    // A reset comes before what was sent before it.
    let received = match receive_once() {
        Err(Errno::CONNRESET) => receive_once(),
        received => received,
    };
    let size = match received {
        Ok(received) if received.bytes == 0 => return Err("it has hung up".to_owned()),
        Ok(received) => received.bytes,
        Err(Errno::AGAIN) => return Err("it does not answer".to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    let descriptors = ancillary.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
        _ => None,
    });
    let descriptor = descriptors.flatten().next();
    room.truncate(size);
    Ok((room, descriptor))
}

fn repeat<T>(mut operation: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    loop {
        match operation() {
            Err(Errno::INTR) => {}
            result => return result,
        }
    }
}

pub(crate) fn failure(path: &str, code: Code, message: impl Into<String>) -> Error {
    let target = format!("the shared buffers at {path}");
    CallError::from_status(&Status::new(code, message), &target, None).into()
}

#[cfg(test)]
mod tests {
    use rustix::net::{accept, bind, listen, recv};

    use super::*;

    /// A server that ends the connection is one thing; here it is the client that must not.
    #[test]
    fn a_connection_that_is_out_of_step_stays_open() {
        let path = std::env::temp_dir().join(format!("rectifier-step-{}", std::process::id()));
        let path = path.to_str().expect("a path").to_owned();
        let kind = SocketType::SEQPACKET;
        let listener = socket_with(AddressFamily::UNIX, kind, SocketFlags::CLOEXEC, None);
        let listener = listener.expect("a socket");
        bind(&listener, &SocketAddrUnix::new(path.as_str()).expect("an address"))
            .expect("its place");
        listen(&listener, 1).expect("a listener");
        let connection = BufferConnection::open(&path).expect("a connection");
        let server = accept(&listener).expect("the other end");
        std::fs::remove_file(&path).expect("the socket is there");
        send(&server, b"\xff", SendFlags::empty()).expect("an answer that is no message");
        for _ in 0..2 {
            let error = connection.release(Bytes::new()).expect_err("no answer");
            assert_eq!(error.code(), Code::Unavailable, "{error}");
        }
        let receive = |flags| recv(&server, &mut [0_u8; 100][..], flags);
        receive(RecvFlags::empty()).expect("the first request");
        assert_eq!(receive(RecvFlags::DONTWAIT).err(), Some(Errno::AGAIN), "no second, and no end");
        drop(connection);
        assert_eq!(receive(RecvFlags::empty()).map(|(size, _)| size), Ok(0), "the end");
    }
}
