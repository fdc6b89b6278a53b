//! The examples, as their readers run them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Server;

/// What an example prints.
fn run(name: &str) -> String {
    let server = Server::start(&[]);
    let here = std::env::current_exe().expect("this program");
    let folder: PathBuf = here.ancestors().nth(2).expect("target/debug").join("examples");
    let output = Command::new(folder.join(name))
        .env("RECTIFIER_TARGET", server.unix())
        .output()
        .expect("cargo builds examples before it runs tests");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_program_of_the_readme_prints_what_stands_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(folder.join("README.md")).expect("the README");
    let source = fs::read_to_string(folder.join("examples/quickstart.rs")).expect("the program");
    let (_, program) = source.split_once("\n\n").expect("a comment before it");
    assert!(
        page.contains(&format!("```rust,no_run\n{program}```\n")),
        "the README has another one"
    );
    assert!(
        page.contains(&format!("```text\n{}```\n", run("quickstart"))),
        "the output is another"
    );
}

#[test]
fn the_example_prints_what_prelu_gives() {
    let expected = "\
y       = [1.0, -0.5, 3.0, -2.0, -1.25, 6.0, -3.5, 8.0]
dx      = [1.0, 0.25, 1.0, 0.5, 0.25, 1.0, 0.5, 1.0]
dweight = [-7.0, -11.0]
evaluations[0].activation.arguments[\"weigth\"]: \
prelu has no parameter \"weigth\"; did you mean \"weight\"?
";
    assert_eq!(run("prelu"), expected);
}
