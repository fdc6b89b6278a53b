//! Calls relu as a user of the Rust client does: see `../drivers.py`.

use std::time::Instant;

use rectifier::blocking::Client;
use rectifier::{Error, Evaluation};

fn main() -> Result<(), Error> {
    let client = Client::new()?;
    if let [_, count, file] = &std::env::args().collect::<Vec<_>>()[..] {
        return write_gelu(&client, count.parse().expect("a number"), file);
    }
    let mut x = Vec::new();
    for line in std::io::stdin().lines() {
        let line = line.expect("text");
        let (size, calls) = line.split_once(' ').expect("two numbers");
        let length = size.parse::<usize>().expect("a number") / size_of::<f32>();
        let calls: u32 = calls.parse().expect("a number");
        if length != x.len() {
            x = (0..length).map(|i| (i % 512) as f32 - 256.0).collect();
            check(&client, &x)?;
        }
        println!("{}", turn(&client, &x, calls)?);
    }
    Ok(())
}

fn write_gelu(client: &Client, count: u32, file: &str) -> Result<(), Error> {
    let x: Vec<_> = (0..count).map(|i| f32::from_bits(i.wrapping_mul(2_654_435_761))).collect();
    let result = client.evaluate(&Evaluation::new("gelu", &x))?;
    std::fs::write(file, result.value()?.as_bytes()).expect("a file");
    Ok(())
}

fn check(client: &Client, x: &[f32]) -> Result<(), Error> {
    let result = client.evaluate(&Evaluation::new("relu", x))?;
    let y = result.value()?.as_slice::<f32>()?;
    assert!(x.iter().map(|x| x.max(0.0)).eq(y.iter().copied()), "a value is wrong");
    Ok(())
}

fn turn(client: &Client, x: &[f32], calls: u32) -> Result<u128, Error> {
    let begin = Instant::now();
    for _ in 0..calls {
        client.evaluate(&Evaluation::new("relu", x))?;
    }
    Ok(begin.elapsed().as_nanos())
}
