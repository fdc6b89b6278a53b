//! What the server tells of itself.

use rectifier::{Code, Health, v1};

use crate::support::Server;

#[test]
fn the_catalogue_describes_every_activation_by_each_of_its_names() {
    let server = Server::start(&[]);
    let client = server.client();
    let activations = client.list_activations().expect("the catalogue");
    assert!(activations.len() > 80);
    let gelu = client.describe("gelu").expect("gelu");
    assert_eq!(gelu.kind(), v1::ActivationKind::Elementwise);
    assert!(gelu.formula.contains("erf"));
    let silu = client.describe("torch.nn.SiLU").expect("silu");
    assert!(silu.aliases.contains(&"SiLU".to_owned()) || silu.name == "SiLU");
}

#[test]
fn a_wrong_name_is_told_the_nearest() {
    let server = Server::start(&[]);
    let error = server.client().describe("gellu").expect_err("none");
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.to_string().contains("did you mean \"gelu\"?"), "{error}");
}

#[test]
fn the_server_tells_its_limits_and_transports() {
    let server = Server::start(&["--max_rank=5"]);
    let info = server.client().server_info().expect("the server's description");
    assert_eq!(info.limits.expect("limits").max_rank, 5);
    assert!(info.transports.contains(&"buffer".to_owned()));
    assert!(!info.version.is_empty());
}

#[test]
fn health_is_that_of_the_service() {
    let server = Server::start(&[]);
    assert_eq!(server.client().health().expect("an answer"), Health::Serving);
}
