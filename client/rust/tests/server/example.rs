//! The example, as its reader runs it.

use std::path::PathBuf;
use std::process::Command;

use crate::support::Server;

#[test]
fn the_example_prints_what_prelu_gives() {
    let server = Server::start(&[]);
    let here = std::env::current_exe().expect("this program");
    let folder: PathBuf = here.ancestors().nth(2).expect("target/debug").join("examples");
    let output = Command::new(folder.join("prelu"))
        .env("RECTIFIER_TARGET", server.unix())
        .output()
        .expect("cargo builds examples before it runs tests");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = "\
y       = [1.0, -0.5, 3.0, -2.0, -1.25, 6.0, -3.5, 8.0]
dx      = [1.0, 0.25, 1.0, 0.5, 0.25, 1.0, 0.5, 1.0]
dweight = [-7.0, -11.0]
evaluations[0].activation.arguments[\"weigth\"]: \
prelu has no parameter \"weigth\"; did you mean \"weight\"?
";
    assert_eq!(text, expected);
}
