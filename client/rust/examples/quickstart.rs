//! The program of the README.

use rectifier::{Evaluation, blocking::Client};

fn main() -> Result<(), rectifier::Error> {
    let client = Client::new()?;
    let x = [-2.0_f32, -0.5, 0.5, 2.0];
    let result = client.evaluate(&Evaluation::new("elu", &x).gradient())?;
    println!("{:?}", result.value()?.as_slice::<f32>()?);
    println!("{:?}", result.gradient()?.as_slice::<f32>()?);
    Ok(())
}
