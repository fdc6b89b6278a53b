//! Deadlines, cancellation, metadata, retries, several addresses.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use prost::Message;
use rectifier::blocking::Client;
use rectifier::{Code, Evaluation, Tensor, v1};

use crate::raw::OpenStream;
use crate::support::{Folder, Server, await_that, numbers};

/// Takes connections, and never answers.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    (listener, address)
}

#[test]
fn a_deadline_ends_a_call_and_is_named() {
    let (_listener, target) = silent();
    let client = Client::connect(&target).expect("a client");
    let start = Instant::now();
    let brief = client.with_timeout(Duration::from_millis(200));
    let error = brief.server_info().expect_err("too late");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    assert!(start.elapsed() < Duration::from_secs(50), "not even the default ended it");
    let text = error.to_string();
    assert!(text.contains(&target) && text.contains("200ms"), "{text}");
}

#[test]
fn a_call_may_take_any_time() {
    let server = Server::start(&[]);
    let client = Client::builder().target(server.unix()).without_timeout();
    let client = client.build_blocking().expect("a client");
    client.server_info().expect("the server's description");
    for long in [Duration::MAX, Duration::from_secs(1_000_000_000_000)] {
        client.with_timeout(long).server_info().expect("the server's description");
    }
    let brief = client.with_timeout(Duration::from_nanos(1));
    assert_eq!(brief.server_info().expect_err("too late").code(), Code::DeadlineExceeded);
    brief.without_timeout().server_info().expect("the server's description");
}

/// Gives a long stream up once the server has come so far with it, which then counts it as cancelled.
async fn is_cancelled_once(has_come_so_far: impl Fn(&Server) -> bool) {
    let server = Server::start(&["--metrics_listen=127.0.0.1:0"]);
    let client = rectifier::Client::connect(server.tcp()).expect("a client");
    let x = numbers(24 << 20);
    let evaluation = Evaluation::new("entmax", Tensor::new(&x, &[24, 1 << 20]).expect("rows"))
        .argument("alpha", 1.7)
        .gradient()
        .parameter_gradients();
    server.drop_once(has_come_so_far, client.evaluate(&evaluation)).await;
    await_that(|| server.count("Canceled", "EvaluateStream") > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn dropping_the_future_cancels_the_call() {
    is_cancelled_once(|server| server.started("EvaluateStream") > 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn dropping_the_future_cancels_a_call_whose_results_have_begun() {
    is_cancelled_once(|server| server.results_sent() > 0).await;
}

#[test]
fn metadata_travels_with_the_call() {
    let tokens = Folder::new();
    let file =
        tokens.write("tokens", &format!("alice sha256:{}\n", crate::security::sha256("secret")));
    let server = Server::start(&[&format!("--tokens_file={file}")]);
    let client = server.client();
    assert_eq!(client.server_info().expect_err("no token").code(), Code::Unauthenticated);
    let allowed = client.with_metadata("authorization", "Bearer secret").expect("metadata");
    allowed.server_info().expect("the server's description");
    let error = client.with_metadata("no key", "x").expect_err("a space");
    assert!(error.to_string().contains("no key"), "{error}");
}

#[test]
fn no_server_is_unavailable_and_named() {
    let client = Client::connect("unix:/nowhere/s").expect("a client");
    let error = client.server_info().expect_err("nobody");
    assert_eq!(error.code(), Code::Unavailable);
    let text = error.to_string();
    assert!(text.contains("unix:/nowhere/s") && text.contains("No such file"), "{text}");
}

#[test]
fn calls_go_to_all_addresses_in_turn() {
    let servers = [0; 3].map(|_| Server::start(&["--metrics_listen=127.0.0.1:0"]));
    let target = servers.each_ref().map(Server::tcp).join(",");
    let client = Client::connect(target).expect("a client");
    for _ in 0..30 {
        client.evaluate(&Evaluation::new("relu", &[1.0_f32])).expect("a result");
    }
    for server in &servers {
        assert_eq!(server.count("OK", "Evaluate"), 10);
    }
}

#[test]
fn an_address_that_does_not_answer_is_passed_over() {
    let mut servers = [0; 2].map(|_| Server::start(&[]));
    let target = servers.each_ref().map(Server::tcp).join(",");
    let client = Client::connect(target).expect("a client");
    let x = numbers(1000);
    for i in 0..200 {
        if i == 50 {
            servers[0].kill();
        }
        let result = client.evaluate(&Evaluation::new("gelu", &x));
        result.unwrap_or_else(|error| panic!("call {i}: {error}"));
    }
}

#[test]
fn a_server_that_drains_fails_no_call_while_another_serves() {
    let servers = [0; 2].map(|_| Server::start(&[]));
    let target = servers.each_ref().map(Server::tcp).join(",");
    let client = Client::connect(target).expect("a client");
    for i in 0..200 {
        if i == 50 {
            servers[0].terminate();
        }
        let result = client.evaluate(&Evaluation::new("gelu", &[1.0_f32]));
        result.unwrap_or_else(|error| panic!("call {i}: {error}"));
    }
}

#[test]
fn a_server_that_comes_back_is_found_again() {
    let mut server = Server::start(&[]);
    let client = server.client();
    client.server_info().expect("the server's description");
    server.kill();
    assert_eq!(client.server_info().expect_err("nobody").code(), Code::Unavailable);
    server.restart(&[]);
    client.server_info().expect("the server's description");
}

/// A stream that is open takes the only place; it ends once a call has been turned away.
#[test]
fn a_call_that_is_turned_away_comes_back_when_the_server_says() {
    let server = Server::start(&["--max_inflight_calls=1", "--metrics_listen=127.0.0.1:0"]);
    let header = v1::StreamHeader {
        activation: Some(v1::Activation { name: "relu".to_owned(), ..Default::default() }),
        element_type: v1::ElementType::Float32.into(),
        shape: vec![4],
        ..Default::default()
    };
    let header = v1::evaluate_stream_request::Message::Header(header);
    let header = v1::EvaluateStreamRequest { message: Some(header) };
    let stream = OpenStream::begin(server.unix(), header.encode_to_vec());
    await_that(|| server.started("EvaluateStream") == 1);
    let client = server.client();
    let caller = std::thread::spawn(move || {
        let mut calls = 1;
        while let Err(error) = client.evaluate(&Evaluation::new("relu", &[1.0_f32])) {
            assert_eq!(error.code(), Code::ResourceExhausted);
            assert_eq!(error.retry_delay(), Some(Duration::from_millis(100)));
            calls += 1;
        }
        calls
    });
    await_that(|| server.count("ResourceExhausted", "Evaluate") > 0);
    drop(stream);
    let calls = caller.join().expect("no panic");
    let refused = server.count("ResourceExhausted", "Evaluate");
    assert_eq!(server.count("OK", "Evaluate"), 1);
    assert!(refused + 1 > calls, "{calls} calls were refused {refused} times: none came back");
}

#[test]
fn a_client_outlives_a_peer_that_speaks_no_grpc() {
    let (listener, target) = silent();
    let thread = std::thread::spawn(move || {
        for stream in listener.incoming().take(5) {
            let mut stream: TcpStream = stream.expect("a connection");
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let client = Client::connect(target).expect("a client");
    let error = client.server_info().expect_err("no gRPC");
    assert_eq!(error.code(), Code::Unavailable, "{error}");
    drop(thread);
}
