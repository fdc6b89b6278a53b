//! Arrays that live in shared memory.

use rectifier::blocking::Client;
use rectifier::{Code, Error, Evaluation, Output};

use crate::breaking_relay::BreakingRelay;
use crate::support::{Server, numbers};

#[test]
fn arrays_are_read_and_written_where_they_are() {
    let server = Server::start(&[]);
    let client = server.client();
    let buffers = client.shared_buffers().expect("buffers");
    let mut x = buffers.array::<f32>(&[10, 100]).expect("an array");
    let mut y = buffers.array::<f32>(&[10, 100]).expect("an array");
    let mut dy = buffers.array::<f32>(&[10, 100]).expect("an array");
    assert!(x.iter().all(|x| *x == 0.0));
    x.copy_from_slice(&numbers(1000));
    let evaluation = Evaluation::new("gelu", x.tensor())
        .into_shared(Output::Value, &mut y)
        .into_shared(Output::Gradient(0), &mut dy)
        .second_derivative();
    let result = client.evaluate(&evaluation).expect("a result");
    assert!(matches!(result.value(), Err(Error::NoResult(_))));
    let plain = Evaluation::new("gelu", &x[..]).gradient().second_derivative();
    let plain = client.evaluate(&plain).expect("a result");
    assert_eq!(y[..], *plain.value().expect("a value").as_slice::<f32>().expect("float32"));
    assert_eq!(dy[..], *plain.gradient().expect("one").as_slice::<f32>().expect("float32"));
    let second = result.second_derivative().expect("it came in the reply");
    assert_eq!(second.as_bytes(), plain.second_derivative().expect("one").as_bytes());
}

#[test]
fn an_array_may_be_computed_in_place() {
    let server = Server::start(&[]);
    let client = server.client();
    let buffers = client.shared_buffers().expect("buffers");
    let mut x = buffers.array::<f64>(&[3]).expect("an array");
    x.copy_from_slice(&[-1.0, 0.5, 2.0]);
    client.evaluate(&Evaluation::in_place("relu", &mut x)).expect("a result");
    assert_eq!(x[..], [0.0, 0.5, 2.0]);
}

#[test]
fn a_destination_of_the_wrong_size_is_named() {
    let server = Server::start(&[]);
    let client = server.client();
    let buffers = client.shared_buffers().expect("buffers");
    let mut y = buffers.array::<f32>(&[3]).expect("an array");
    let evaluation = Evaluation::new("relu", &[1.0_f32; 2]).into_shared(Output::Value, &mut y);
    let error = client.evaluate(&evaluation).expect_err("another size");
    assert!(error.violations()[0].field.starts_with("evaluations[0].destinations[0]"), "{error}");
}

#[test]
fn quotas_are_errors_that_say_so_and_end_when_an_array_goes() {
    let server =
        Server::start(&["--max_buffer_bytes=1MiB", "--max_buffer_bytes_per_connection=1MiB"]);
    let buffers = server.client().shared_buffers().expect("buffers");
    let error = buffers.array::<f32>(&[1 << 20]).expect_err("more than all");
    assert_eq!(error.code(), Code::InvalidArgument, "{error}");
    let first = buffers.array::<f64>(&[1 << 16]).expect("half of all");
    let second = buffers.array::<f64>(&[1 << 16]).expect("the other half");
    let error = buffers.array::<f64>(&[1]).expect_err("no room");
    assert_eq!(error.code(), Code::ResourceExhausted, "{error}");
    drop(first);
    buffers.array::<f64>(&[1]).expect("there is room again");
    drop(second);
}

#[test]
fn a_server_without_buffers_says_so() {
    let server = Server::start(&["--buffers_listen="]);
    let error = server.client().shared_buffers().expect_err("none");
    assert_eq!(error.code(), Code::FailedPrecondition, "{error}");
}

/// The server has computed it when the connection breaks.
#[test]
fn what_is_computed_in_place_is_tried_once() {
    let server = Server::start(&[]);
    let relay = BreakingRelay::start(&server);
    let buffers = server.client().shared_buffers().expect("buffers");
    let client = Client::connect(relay.target()).expect("a client");
    let mut x = buffers.array::<f64>(&[2]).expect("an array");
    let mut y = buffers.array::<f64>(&[2]).expect("an array");
    x.copy_from_slice(&[1.0, 2.0]);
    relay.break_next(2);
    let elsewhere = Evaluation::new("softplus", x.tensor()).into_shared(Output::Value, &mut y);
    client.evaluate(&elsewhere).expect("the third attempt succeeds");
    assert_eq!(relay.left(), 0);
    relay.break_next(1);
    let error =
        client.evaluate(&Evaluation::in_place("softplus", &mut x)).expect_err("one attempt");
    assert_eq!(error.code(), Code::Unavailable, "{error}");
    assert_eq!(relay.left(), 0);
    assert_eq!(x[..], y[..]);
}
