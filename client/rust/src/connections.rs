//! Connections to all addresses of a target, used in turn.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use http::Uri;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

use crate::error::Error;
use crate::security::Security;
use crate::target::Place;

/// How long an address that failed is left alone where others are there: this, and twice as long
/// after each further failure.
const FIRST_REST: Duration = Duration::from_secs(1);
const MAX_REST: Duration = Duration::from_secs(120);
/// How often names are looked up anew where an address has failed.
const LOOKUP_INTERVAL: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The server allows a ping every 5 s, also without a call.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes on their way to us: enough to keep a reply coming while we copy what is there.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;

#[cfg(feature = "tls")]
type Tls = tonic::transport::ClientTlsConfig;
#[cfg(not(feature = "tls"))]
type Tls = std::convert::Infallible;

/// All addresses of one target, each with a connection that is made by its first call.
pub(crate) struct Connections {
    places: Vec<Place>,
    tls: Option<Tls>,
    server_name: String,
    nodes: RwLock<Arc<Nodes>>,
    /// Held while names are looked up, so that this is done once.
    lookup: tokio::sync::Mutex<()>,
    next: AtomicUsize,
}

#[derive(Default)]
struct Nodes {
    nodes: Vec<Arc<Node>>,
    looked_up: Option<Instant>,
}

/// One address.
pub(crate) struct Node {
    address: Address,
    pub(crate) channel: Channel,
    rest: Mutex<Option<Rest>>,
}

/// After a failure, until a call succeeds.
#[derive(Clone, Copy)]
struct Rest {
    duration: Duration,
    end: Instant,
}

#[derive(Clone, PartialEq, Eq)]
enum Address {
    Unix(String),
    Tcp { host: String, address: SocketAddr },
}

impl Connections {
    /// Connects later. Errors: files and parts of TLS that cannot be used.
    pub(crate) fn new(places: Vec<Place>, security: &Security) -> Result<Self, Error> {
        let connections = Self {
            places,
            tls: security.tls()?,
            server_name: security.tls_server_name.clone(),
            nodes: RwLock::default(),
            lookup: tokio::sync::Mutex::default(),
            next: AtomicUsize::new(0),
        };
        // So that files that hold no certificate are known now.
        connections
            .endpoint("localhost", SocketAddr::from(([127, 0, 0, 1], 1)))
            .map_err(|status| Error::Configuration(format!("TLS: {}", status.message())))?;
        Ok(connections)
    }

    /// The next address in turn, but for those that have just failed.
    pub(crate) async fn pick(&self) -> Result<Arc<Node>, Status> {
        let nodes = self.nodes().await?;
        let start = self.next.fetch_add(1, Ordering::Relaxed);
        let turn = |i: usize| &nodes[(start.wrapping_add(i)) % nodes.len()];
        let healthy = (0..nodes.len()).map(turn).find(|node| !node.is_resting());
        Ok(healthy.unwrap_or_else(|| turn(0)).clone())
    }

    /// Whether an address is there that has not just failed.
    pub(crate) fn has_healthy(&self) -> bool {
        self.known().nodes.iter().any(|node| !node.is_resting())
    }

    fn known(&self) -> Arc<Nodes> {
        self.nodes.read().expect("no thread panics with the lock").clone()
    }

    async fn nodes(&self) -> Result<Vec<Arc<Node>>, Status> {
        if !self.known().is_stale() {
            return Ok(self.known().nodes.clone());
        }
        let _one_at_a_time = self.lookup.lock().await;
        let known = self.known();
        if !known.is_stale() {
            return Ok(known.nodes.clone());
        }
        let nodes = match self.look_up(&known.nodes).await {
            Ok(nodes) => nodes,
            Err(_) if !known.nodes.is_empty() => known.nodes.clone(),
            Err(status) => return Err(status),
        };
        let fresh = Nodes { nodes: nodes.clone(), looked_up: Some(Instant::now()) };
        *self.nodes.write().expect("no thread panics with the lock") = Arc::new(fresh);
        Ok(nodes)
    }

    /// Addresses that are known already keep their connections.
    async fn look_up(&self, known: &[Arc<Node>]) -> Result<Vec<Arc<Node>>, Status> {
        let mut nodes = Vec::<Arc<Node>>::new();
        let mut failure = None;
        for place in &self.places {
            let addresses = addresses_of(place).await.unwrap_or_else(|status| {
                failure = Some(status);
                Vec::new()
            });
            for address in addresses {
                if nodes.iter().any(|node| node.address == address) {
                    continue;
                }
                match known.iter().find(|node| node.address == address) {
                    Some(node) => nodes.push(node.clone()),
                    None => nodes.push(Arc::new(self.open(address)?)),
                }
            }
        }
        match failure {
            Some(status) if nodes.is_empty() => Err(status),
            _ => Ok(nodes),
        }
    }

    fn open(&self, address: Address) -> Result<Node, Status> {
        let endpoint = match &address {
            Address::Unix(path) => Endpoint::from_shared(format!("unix:{path}")).map_err(broken)?,
            Address::Tcp { host, address } => self.endpoint(host, *address)?,
        };
        let channel = endpoint
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEPALIVE_INTERVAL)
            .keep_alive_timeout(KEEPALIVE_TIMEOUT)
            .keep_alive_while_idle(true)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .connect_lazy();
        Ok(Node { address, channel, rest: Mutex::default() })
    }

    fn endpoint(&self, host: &str, address: SocketAddr) -> Result<Endpoint, Status> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let name = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let origin: Uri =
            format!("{scheme}://{name}:{}", address.port()).parse().map_err(broken)?;
        let endpoint = Endpoint::from_shared(format!("{scheme}://{address}")).map_err(broken)?;
        self.secure(endpoint.origin(origin), host)
    }

    #[cfg(feature = "tls")]
    fn secure(&self, endpoint: Endpoint, host: &str) -> Result<Endpoint, Status> {
        let Some(tls) = &self.tls else { return Ok(endpoint) };
        let name = if self.server_name.is_empty() { host } else { &self.server_name };
        endpoint.tls_config(tls.clone().domain_name(name)).map_err(broken)
    }

    #[cfg(not(feature = "tls"))]
    fn secure(&self, endpoint: Endpoint, _host: &str) -> Result<Endpoint, Status> {
        let _ = &self.server_name;
        Ok(endpoint)
    }
}

impl Nodes {
    /// Whether names are to be looked up: at first, and again where an address has failed.
    fn is_stale(&self) -> bool {
        self.looked_up.is_none_or(|time| {
            time.elapsed() > LOOKUP_INTERVAL && self.nodes.iter().any(|node| node.is_resting())
        })
    }
}

impl Node {
    fn is_resting(&self) -> bool {
        let rest = *self.rest.lock().expect("no thread panics with the lock");
        rest.is_some_and(|rest| Instant::now() < rest.end)
    }

    /// Leaves this address alone for a while.
    pub(crate) fn failed(&self) {
        let mut rest = self.rest.lock().expect("no thread panics with the lock");
        let now = Instant::now();
        let duration = match *rest {
            Some(rest) if now < rest.end => return, // calls that had begun before
            Some(rest) => MAX_REST.min(2 * rest.duration),
            None => FIRST_REST,
        };
        *rest = Some(Rest { duration, end: now + duration });
    }

    pub(crate) fn succeeded(&self) {
        *self.rest.lock().expect("no thread panics with the lock") = None;
    }
}

async fn addresses_of(place: &Place) -> Result<Vec<Address>, Status> {
    let (host, port) = match place {
        Place::Unix(path) => return Ok(vec![Address::Unix(path.clone())]),
        Place::Tcp { host, port } => (host, *port),
    };
    let found = tokio::net::lookup_host((host.as_str(), port))
        .await
        .map_err(|error| Status::unavailable(format!("{host}: {error}")))?;
    Ok(found.map(|address| Address::Tcp { host: host.clone(), address }).collect())
}

/// With the causes under it, which say what is wrong.
fn broken(error: impl std::error::Error) -> Status {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    Status::unavailable(message)
}
