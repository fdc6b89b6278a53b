//! What a caller sees who has made a mistake.

use rectifier::{Argument, Code, Error, Evaluation, Quantity, Tensor};

use crate::support::Server;

#[test]
fn errors_name_the_field_and_suggest() {
    let server = Server::start(&[]);
    let client = server.client();
    let x = [1.0_f32, 2.0, 3.0];
    let mask = [0.5_f32, 1.0, 1.0];
    let path = |rest: &str| format!("evaluations[0].{rest}");
    for (evaluation, field, reason, word) in [
        (Evaluation::new("gellu", &x), path("activation.name"), "UNKNOWN_ACTIVATION", "gelu"),
        (
            Evaluation::new("prelu", &x).argument("weigth", 1.0),
            path("activation.arguments[\"weigth\"]"),
            "UNKNOWN_PARAMETER",
            "\"weight\"",
        ),
        (
            Evaluation::new("relu", &x).upstream(&[1.0_f32; 4]),
            path("upstream"),
            "SHAPE_MISMATCH",
            "[3]",
        ),
        (
            Evaluation::new("elu", &x).argument("alpha", f64::NAN),
            path("activation.arguments[\"alpha\"]"),
            "ARGUMENT_OUT_OF_RANGE",
            "finite",
        ),
        (
            Evaluation::new("softmax", &x).argument("axis", Argument::from(7)),
            path("activation.arguments[\"axis\"]"),
            "AXIS_OUT_OF_RANGE",
            "-1 to 0",
        ),
        (
            Evaluation::new("softmax", &x).argument("mask", &mask),
            path("activation.arguments[\"mask\"]"),
            "ARGUMENT_OUT_OF_RANGE",
            "bias",
        ),
        (
            Evaluation::new("softmax", &x).quantities([Quantity::SecondDerivative]),
            path("quantities"),
            "QUANTITY_NOT_OFFERED",
            "softmax",
        ),
    ] {
        let error = client.evaluate(&evaluation).expect_err(&field);
        let call = error.call().expect("an answer of the server");
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(error.violations()[0].field.starts_with(&field), "{error}");
        assert_eq!(error.reason(), reason, "{error}");
        assert!(error.to_string().contains(word), "{error}");
        assert_eq!(call.target, server.unix());
        assert_eq!(error.retry_delay(), None);
    }
}

#[test]
fn the_element_at_fault_is_told() {
    let server = Server::start(&[]);
    let evaluation =
        Evaluation::new("softmax", &[1.0_f32; 3]).argument("mask", &[1.0_f32, 0.5, 1.0]);
    let error = server.client().evaluate(&evaluation).expect_err("no mask");
    assert_eq!(error.call().expect("a call").metadata["element"], "1");
}

#[test]
fn an_empty_batch_is_the_servers_to_refuse() {
    let server = Server::start(&[]);
    let error = server.client().evaluate_batch(&[]).expect_err("nothing to do");
    assert_eq!(error.reason(), "NO_EVALUATIONS");
}

#[test]
fn what_cannot_be_sent_names_its_field() {
    let error = Tensor::new(&[1.0_f32; 6], &[2, 4]).expect_err("another shape");
    assert_eq!(error.to_string(), "shape: [2, 4] given for 6 elements of float32 (24 bytes)");
    assert!(Tensor::new(&[1.0_f32], &[usize::MAX, 2]).is_err());
    let server = Server::start(&[]);
    let twice = Evaluation::new("elu", &[1.0_f32]).argument("alpha", 1.0).argument("alpha", 2.0);
    let error = server.client().evaluate(&twice).expect_err("twice");
    assert_eq!(error.violations()[0].field, "evaluations[0].activation.arguments[\"alpha\"]");
    assert!(matches!(error, Error::Argument { .. }));
}

#[test]
fn a_target_that_makes_no_sense_is_named() {
    let error = rectifier::Client::connect("localhost").expect_err("no port");
    assert!(error.to_string().contains("\"localhost\" is neither unix:PATH nor HOST:PORT"));
}
