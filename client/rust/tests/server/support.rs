//! The real server, started for one test.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rectifier::Error;

/// A folder that is removed when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("rectifier-rust-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// Writes a file, and returns its path.
    pub fn write(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A rectifierd that ends when it is dropped.
pub struct Server {
    process: Child,
    folder: Folder,
    tcp: String,
}

impl Server {
    /// One that listens at a unix socket and at a port of 127.0.0.1.
    pub fn start(flags: &[&str]) -> Self {
        Self::start_in(Folder::new(), flags)
    }

    pub fn start_in(folder: Folder, flags: &[&str]) -> Self {
        let (process, tcp) = launch(&folder, "127.0.0.1:0", flags);
        Self { process, folder, tcp }
    }

    /// A new process at the same addresses, after the old one has ended.
    pub fn restart(&mut self, flags: &[&str]) {
        self.kill();
        (self.process, self.tcp) = launch(&self.folder, &self.tcp(), flags);
    }

    pub fn unix(&self) -> String {
        format!("unix:{}", self.folder.path("s"))
    }

    pub fn tcp(&self) -> String {
        self.tcp.clone()
    }

    /// How many calls of a method have ended with a code, where the server has metrics.
    pub fn count(&self, code: &str, method: &str) -> u64 {
        let words = [format!("grpc_code=\"{code}\""), format!("grpc_method=\"{method}\"")];
        self.metric("grpc_server_handled_total{", &words)
    }

    /// How many shared buffers there are, where the server has metrics.
    pub fn buffers(&self) -> u64 {
        self.metric("rectifier_shared_buffers ", &[])
    }

    /// How many calls of a method have arrived, where the server has metrics.
    pub fn started(&self, method: &str) -> u64 {
        self.metric("grpc_server_started_total{", &[format!("grpc_method=\"{method}\"")])
    }

    /// How many results of streams have been sent, where the server has metrics.
    pub fn results_sent(&self) -> u64 {
        self.metric("grpc_server_msg_sent_total{", &["grpc_method=\"EvaluateStream\"".to_owned()])
    }

    /// Gives a call up as soon as the server, which has metrics, has come so far with it.
    pub async fn drop_once<T>(
        &self,
        has_come_so_far: impl Fn(&Self) -> bool,
        call: impl Future<Output = Result<T, Error>>,
    ) {
        let begun = async {
            while !has_come_so_far(self) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            result = call => panic!("it was quick: {:?}", result.err()),
            () = begun => {}
        }
    }

    /// The sum of the lines that begin with `start` and have all `words`.
    fn metric(&self, start: &str, words: &[String]) -> u64 {
        let ports = fs::read_to_string(self.folder.path("ports")).expect("the addresses");
        let mut addresses = ports.lines().filter_map(|line| line.strip_prefix("metrics "));
        let mut stream = TcpStream::connect(addresses.next().expect("metrics")).expect("metrics");
        stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").expect("a request");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("an answer");
        assert!(text.contains(start), "there is no metric {start}");
        let lines = text
            .lines()
            .filter(|line| line.starts_with(start) && words.iter().all(|word| line.contains(word)));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    }

    /// Has it shut down; it ends in its time.
    pub fn terminate(&self) {
        let process = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("it runs");
    }

    pub fn kill(&mut self) {
        let _ = self.process.kill();
        self.process.wait().expect("it ends");
    }

    /// A client by the unix socket, which uses shared memory where it can.
    pub fn client(&self) -> rectifier::blocking::Client {
        rectifier::blocking::Client::connect(self.unix()).expect("a client")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts it at the folder's socket and at `tcp`; returns the address that this became.
fn launch(folder: &Folder, tcp: &str, flags: &[&str]) -> (Child, String) {
    let program = std::env::var("RECTIFIERD").expect("RECTIFIERD is the path of the server");
    let ports = folder.path("ports");
    let _ = fs::remove_file(&ports);
    let mut process = Command::new(program)
        .arg(format!("--listen=unix:{},{tcp}", folder.path("s")))
        .arg(format!("--ports_file={ports}"))
        .args(["--drain_delay=0s"].iter().chain(without_metrics(flags)).chain(flags))
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let addresses = await_file(&ports, &mut process);
    let mut grpc = addresses.lines().filter_map(|line| line.strip_prefix("grpc "));
    let tcp = grpc.find(|address| !address.starts_with("unix:")).expect("a port");
    (process, tcp.to_owned())
}

/// The flag that switches metrics off, unless a test has one of its own.
fn without_metrics(flags: &[&str]) -> &'static [&'static str] {
    let has_own = flags.iter().any(|flag| flag.starts_with("--metrics_listen="));
    if has_own { &[] } else { &["--metrics_listen="] }
}

/// The server writes the file once it serves, and puts it in its place as a whole.
fn await_file(path: &str, process: &mut Child) -> String {
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        if Path::new(path).exists() {
            return fs::read_to_string(path).expect("the addresses");
        }
        if let Some(status) = process.try_wait().expect("the server's state") {
            panic!("the server ended: {status}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the server does not serve within 30 s");
}

/// Waits until it is so.
pub fn await_that(is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(300); // the machine may have other work
    while !is_so() {
        assert!(Instant::now() < end, "what was waited for did not come within five minutes");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Numbers from -8 to 8 in no order, the same at each run.
pub fn numbers(count: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 20) as f32 - 8.0
    };
    std::iter::repeat_with(next).take(count).collect()
}
