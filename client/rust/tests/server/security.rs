//! TLS, mutual TLS, tokens.

use std::process::Command;

use rectifier::blocking::Client;
use rectifier::{Code, Error, Security};

use crate::support::{Folder, Server};

/// An authority, and certificates that it has signed for the server and for alice.
struct Authority {
    folder: Folder,
}

impl Authority {
    fn new() -> Self {
        let authority = Self { folder: Folder::new() };
        let (key, certificate) = (authority.path("ca.key"), authority.path("ca.crt"));
        let newest = ["-days", "2", "-subj", "/CN=our-ca", "-keyout", &key, "-out", &certificate];
        openssl(&[&["req", "-x509"], NEW_KEY, &newest].concat());
        authority.sign("server", "DNS:localhost,IP:127.0.0.1");
        authority.sign("alice", "DNS:alice.example");
        authority
    }

    fn path(&self, name: &str) -> String {
        self.folder.path(name)
    }

    fn sign(&self, name: &str, names: &str) {
        let [key, request, certificate] =
            ["key", "csr", "crt"].map(|suffix| self.path(&format!("{name}.{suffix}")));
        let subject = format!("/CN={name}");
        let extension = format!("subjectAltName={names}");
        let parts = ["-subj", &subject, "-addext", &extension, "-keyout", &key, "-out", &request];
        openssl(&[&["req"], NEW_KEY, &parts].concat());
        let (ca, ca_key) = (self.path("ca.crt"), self.path("ca.key"));
        openssl(&[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            &ca,
            "-CAkey",
            &ca_key,
            "-CAcreateserial",
            "-days",
            "2",
            "-copy_extensions",
            "copy",
            "-out",
            &certificate,
        ]);
    }

    fn server(&self, flags: &[&str]) -> Server {
        let certificate = format!("--tls_certificate={}", self.path("server.crt"));
        let key = format!("--tls_key={}", self.path("server.key"));
        Server::start(&[&[certificate.as_str(), &key], flags].concat())
    }

    fn security(&self) -> Security {
        Security { tls_ca: self.path("ca.crt"), ..Security::default() }
    }
}

const NEW_KEY: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

fn openssl(arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).output().expect("openssl runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The digest in hexadecimal digits.
pub fn sha256(token: &str) -> String {
    let folder = Folder::new();
    let file = folder.write("token", token);
    let output = Command::new("sha256sum").arg(file).output().expect("sha256sum runs");
    String::from_utf8_lossy(&output.stdout)[..64].to_owned()
}

fn client(target: &str, security: Security) -> Result<Client, Error> {
    Client::builder().target(target).security(security).build_blocking()
}

#[test]
fn calls_over_tls_succeed_by_address_and_by_name() {
    let authority = Authority::new();
    let server = authority.server(&[]);
    let port = server.tcp().rsplit_once(':').expect("a port").1.to_owned();
    for target in [server.tcp(), format!("localhost:{port}")] {
        let client = client(&target, authority.security()).expect("a client");
        client.server_info().unwrap_or_else(|error| panic!("{target}: {error}"));
    }
    // Unix sockets speak no TLS, and need none.
    let client = client(&server.unix(), authority.security()).expect("a client");
    client.server_info().expect("the server's description");
}

#[test]
fn a_server_that_is_not_trusted_is_not_called() {
    let authority = Authority::new();
    let server = authority.server(&[]);
    let stranger = Authority::new();
    let wrong_name =
        Security { tls_server_name: "other.example".to_owned(), ..authority.security() };
    for (security, word) in [(stranger.security(), "certificate"), (wrong_name, "other.example")] {
        let error = client(&server.tcp(), security).expect("a client").server_info();
        let error = error.expect_err("nobody whom we trust");
        assert_eq!(error.code(), Code::Unavailable);
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn a_client_shows_its_certificate_to_a_server_that_asks() {
    let authority = Authority::new();
    let ca = format!("--tls_client_ca={}", authority.path("ca.crt"));
    let server = authority.server(&[&ca, "--tls_allowed_names=alice.example"]);
    let alice = Security {
        tls_certificate: authority.path("alice.crt"),
        tls_key: authority.path("alice.key"),
        ..authority.security()
    };
    client(&server.tcp(), alice).expect("a client").server_info().expect("alice may");
    let nobody = client(&server.tcp(), authority.security()).expect("a client").server_info();
    assert_eq!(nobody.expect_err("no certificate").code(), Code::Unavailable);
}

#[test]
fn a_token_is_sent_over_tls_and_to_unix_sockets() {
    let authority = Authority::new();
    let tokens = authority.folder.write("tokens", &format!("alice sha256:{}\n", sha256("t0ken")));
    let server = authority.server(&[&format!("--tokens_file={tokens}")]);
    let file = authority.folder.write("token", "t0ken\n");
    for security in [
        Security { token: "t0ken".to_owned(), ..authority.security() },
        Security { token_file: file, ..authority.security() },
    ] {
        for target in [server.tcp(), server.unix()] {
            let client = client(&target, security.clone()).expect("a client");
            client.server_info().unwrap_or_else(|error| panic!("{target}: {error}"));
        }
    }
    let wrong = Security { token: "other".to_owned(), ..authority.security() };
    let error = client(&server.tcp(), wrong).expect("a client").server_info().expect_err("unknown");
    assert_eq!((error.code(), error.reason()), (Code::Unauthenticated, "TOKEN_UNKNOWN"));
}

#[test]
fn a_token_does_not_travel_in_the_open() {
    let token = || Security { token: "t0ken".to_owned(), ..Security::default() };
    for target in ["example.com:1", "10.0.0.1:1", "127.0.0.1:1,example.com:1", "127.example.com:1"]
    {
        let error = client(target, token()).expect_err(target).to_string();
        assert!(error.contains("in the open; tls_ca turns TLS on"), "{error}");
    }
    for target in ["localhost:1", "127.0.0.1:1", "[::1]:1", "unix:/s"] {
        client(target, token()).expect(target);
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let folder = Folder::new();
    let empty = folder.write("empty", "");
    let text = |text: &str| text.to_owned();
    for (security, words) in [
        (Security { tls_certificate: text("a"), ..Security::default() }, "needed together"),
        (Security { tls_server_name: text("a"), ..Security::default() }, "tls_ca is needed"),
        (Security { tls_ca: empty.clone(), ..Security::default() }, "none in PEM"),
        (Security { tls_ca: text("/nowhere"), ..Security::default() }, "tls_ca: /nowhere: No such"),
        (Security { token: text("a b"), ..Security::default() }, "letters, digits"),
        (Security { token_file: empty, ..Security::default() }, "letters, digits"),
        (Security { token: text("a"), token_file: text("b"), ..Security::default() }, "both token"),
    ] {
        let error = client("localhost:1", security).expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_token_is_not_shown() {
    let security = Security { token: "t0ken".to_owned(), ..Security::default() };
    assert!(!format!("{security:?}").contains("t0ken"));
}
