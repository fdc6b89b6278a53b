//! Where the server is.

use std::path::Path;

use crate::error::Error;

/// One place of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The path of a unix socket.
    Unix(String),
    /// A name or an address, without brackets, and a port.
    Tcp { host: String, port: u16 },
}

/// The target of the default unix socket: the rule of `proto/default_target.h`.
///
/// It is the first of these that this process can enter: `unix:/run/rectifier/rectifierd.sock`,
/// where that directory exists; `unix:$XDG_RUNTIME_DIR/rectifierd.sock`;
/// `unix:/tmp/rectifierd-UID.sock`. Whether a socket is there plays no part.
#[cfg(target_os = "linux")]
pub fn default_target() -> String {
    let user_directory = std::env::var("XDG_RUNTIME_DIR").unwrap_or_default();
    default_target_in("/run/rectifier", &user_directory)
}

#[cfg(target_os = "linux")]
fn default_target_in(service_directory: &str, user_directory: &str) -> String {
    if can_enter(service_directory) {
        return format!("unix:{service_directory}/rectifierd.sock");
    }
    // The XDG specification: a relative path is to be ignored.
    if user_directory.starts_with('/') && can_enter(user_directory) {
        return format!("unix:{user_directory}/rectifierd.sock");
    }
    format!("unix:/tmp/rectifierd-{}.sock", rustix::process::getuid().as_raw())
}

#[cfg(target_os = "linux")]
fn can_enter(directory: &str) -> bool {
    use rustix::fs::{Access, access};
    Path::new(directory).is_dir() && access(directory, Access::EXEC_OK).is_ok()
}

/// The target of a server on this machine.
#[cfg(not(target_os = "linux"))]
pub fn default_target() -> String {
    "127.0.0.1:50051".to_owned()
}

/// The places of a target: `unix:PATH`, `HOST:PORT`, `dns:///HOST:PORT`, `ipv4:ADDRESS:PORT`,
/// `ipv6:[ADDRESS]:PORT`, or several of them with commas between.
///
/// Errors: `Error::Configuration`.
pub(crate) fn parse(target: &str) -> Result<Vec<Place>, Error> {
    target.split(',').map(|part| parse_place(part.trim(), target)).collect()
}

fn parse_place(part: &str, target: &str) -> Result<Place, Error> {
    let wrong = || {
        Error::Configuration(format!(
            "target {target:?}: {part:?} is neither unix:PATH nor HOST:PORT"
        ))
    };
    if let Some(path) = part.strip_prefix("unix:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return if path.is_empty() { Err(wrong()) } else { Ok(Place::Unix(path.to_owned())) };
    }
    let address = ["dns:///", "dns:", "ipv4:", "ipv6:"]
        .iter()
        .find_map(|scheme| part.strip_prefix(scheme))
        .unwrap_or(part);
    let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().map_err(|_| wrong())?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_bare_address = bare.is_none() && host.contains(':');
    let host = bare.unwrap_or(host);
    if host.is_empty() || is_bare_address || host.contains(['/', '[', ']', '@', ' ']) {
        return Err(wrong());
    }
    Ok(Place::Tcp { host: host.to_owned(), port })
}

impl Place {
    /// Whether nobody between here and there can listen. A name may begin with "127.", too.
    pub(crate) fn stays_here(&self) -> bool {
        match self {
            Self::Unix(_) => true,
            Self::Tcp { host, .. } => {
                let address = host.parse::<std::net::IpAddr>();
                host == "localhost" || address.is_ok_and(|address| address.is_loopback())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(host: &str, port: u16) -> Place {
        Place::Tcp { host: host.to_owned(), port }
    }

    #[test]
    fn places_are_sockets_names_and_addresses() {
        let places = parse("unix:/a/b, unix:///c,host:1,dns:///name:2,ipv4:127.0.0.1:3,[::1]:4")
            .expect("a target");
        let expected = [
            Place::Unix("/a/b".to_owned()),
            Place::Unix("/c".to_owned()),
            tcp("host", 1),
            tcp("name", 2),
            tcp("127.0.0.1", 3),
            tcp("::1", 4),
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn what_is_no_place_is_named() {
        for target in ["", "unix:", "host", "host:", "host:99999", "::1:5", "http://host:1", "a:1,"]
        {
            let message = parse(target).expect_err(target).to_string();
            assert!(message.contains("is neither unix:PATH nor HOST:PORT"), "{message}");
        }
    }

    #[test]
    fn loopback_and_sockets_stay_here() {
        for here in ["unix:/a", "localhost:1", "127.0.0.9:1", "[::1]:1"] {
            assert!(parse(here).expect(here)[0].stays_here(), "{here}");
        }
        for elsewhere in ["127.example.com:1", "10.0.0.1:1", "localhost.example:1", "[::2]:1"] {
            assert!(!parse(elsewhere).expect(elsewhere)[0].stays_here(), "{elsewhere}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_default_is_the_first_directory_that_can_be_entered() {
        let here = std::env::temp_dir().display().to_string();
        assert_eq!(default_target_in(&here, "/"), format!("unix:{here}/rectifierd.sock"));
        assert_eq!(default_target_in("/nowhere", &here), format!("unix:{here}/rectifierd.sock"));
        let last = format!("unix:/tmp/rectifierd-{}.sock", rustix::process::getuid().as_raw());
        assert_eq!(default_target_in("/nowhere", ""), last);
        assert_eq!(default_target_in("/nowhere", "tmp"), last);
        assert_eq!(default_target_in("/dev/null", "/nowhere"), last);
    }
}
