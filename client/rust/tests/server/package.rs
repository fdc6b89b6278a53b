//! What is published.

use std::fs;
use std::path::Path;

fn of_the_repository(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).expect(path)
}

#[test]
fn the_version_is_that_of_the_project() {
    let version = concat!("project(rectifier VERSION ", env!("CARGO_PKG_VERSION"), " ");
    assert!(of_the_repository("CMakeLists.txt").contains(version));
}

#[test]
fn the_license_is_that_of_the_project() {
    assert_eq!(env!("CARGO_PKG_LICENSE"), "Apache-2.0");
    assert!(of_the_repository("LICENSE").contains("Apache License"));
}

#[test]
fn the_lock_file_names_the_public_registry_alone() {
    let lock = of_the_repository("client/rust/Cargo.lock");
    let sources = lock.lines().filter(|line| line.starts_with("source = "));
    for source in sources {
        assert!(source.contains("github.com/rust-lang/crates.io-index"), "{source}");
    }
}
