//! PReLU with one learnable slope per channel, forward and backward.
//!
//!     cargo run --example prelu

use rectifier::blocking::Client;
use rectifier::{Argument, Error, Evaluation, Tensor};

fn main() -> Result<(), Error> {
    let client = Client::new()?;

    // Two images of two channels with two pixels each.
    let shape = [2, 2, 2];
    let x = [1.0_f32, -2.0, 3.0, -4.0, -5.0, 6.0, -7.0, 8.0];
    let slopes = [0.25_f32, 0.5];
    let dy = [1.0_f32; 8];

    let evaluation = Evaluation::new("prelu", Tensor::new(&x, &shape)?)
        .argument("weight", Argument::along(1, &slopes))
        .upstream(Tensor::new(&dy, &shape)?)
        .gradient()
        .parameter_gradients();
    let result = client.evaluate(&evaluation)?;
    println!("y       = {:?}", result.value()?.as_slice::<f32>()?);
    println!("dx      = {:?}", result.gradient()?.as_slice::<f32>()?);
    println!("dweight = {:?}", result.parameter_gradient("weight")?.as_slice::<f32>()?);

    // An error names the field at fault, and suggests.
    let misspelt = Evaluation::new("prelu", &x).argument("weigth", 0.25);
    let error = client.evaluate(&misspelt).expect_err("there is no such parameter");
    for violation in error.violations() {
        println!("{}: {}", violation.field, violation.description);
    }
    Ok(())
}
