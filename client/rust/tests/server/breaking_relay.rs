//! A relay before the real server that breaks connections when the answer is on its way.

use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crate::support::{Folder, Server};

/// What begins each frame of HTTP/2: the length of its payload, its type, flags, and stream.
const FRAME_HEADER_BYTES: usize = 9;
/// The type of the frames that begin an answer.
const HEADERS: u8 = 1;

/// It ends with the process.
pub struct BreakingRelay {
    folder: Folder,
    left: Arc<AtomicU32>,
}

impl BreakingRelay {
    pub fn start(server: &Server) -> Self {
        let (folder, left) = (Folder::new(), Arc::new(AtomicU32::new(0)));
        let listener = UnixListener::bind(folder.path("relay")).expect("a socket");
        let path = server.unix().trim_start_matches("unix:").to_owned();
        let breaks = left.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let (path, breaks) = (path.clone(), breaks.clone());
                let client = client.expect("a connection");
                thread::spawn(move || {
                    relay(&client, &path, &breaks).expect("a relayed connection")
                });
            }
        });
        Self { folder, left }
    }

    pub fn target(&self) -> String {
        format!("unix:{}", self.folder.path("relay"))
    }

    /// Breaks the connections of the next so many answers.
    pub fn break_next(&self, answers: u32) {
        self.left.store(answers, Ordering::SeqCst);
    }

    /// How many of them have not come.
    pub fn left(&self) -> u32 {
        self.left.load(Ordering::SeqCst)
    }
}

fn relay(client: &UnixStream, path: &str, breaks: &AtomicU32) -> std::io::Result<()> {
    let server = UnixStream::connect(path)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Both);
    });
    let result = answer(&server, client, breaks);
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
    match result {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Frame by frame, until one side ends or an answer is to be broken.
fn answer(
    mut server: &UnixStream,
    mut client: &UnixStream,
    breaks: &AtomicU32,
) -> std::io::Result<()> {
    loop {
        let mut frame = vec![0; FRAME_HEADER_BYTES];
        server.read_exact(&mut frame)?;
        let length = u32::from_be_bytes([0, frame[0], frame[1], frame[2]]) as usize;
        frame.resize(FRAME_HEADER_BYTES + length, 0);
        server.read_exact(&mut frame[FRAME_HEADER_BYTES..])?;
        let fewer = |left: u32| left.checked_sub(1);
        if frame[3] == HEADERS
            && breaks.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok()
        {
            return Ok(());
        }
        client.write_all(&frame)?;
    }
}
