//! Calls a server with the crate triton-client as it is: `stock HOST:PORT`. It infers, asks about
//! server and models, and reads an error; it ends with 1 where an answer is not the right one.

use std::error::Error;

use triton_client::inference::model_infer_request::{InferInputTensor, InferRequestedOutputTensor};
use triton_client::inference::{ModelInferRequest, ModelMetadataRequest};
use triton_client::Client;

const X: [f32; 4] = [-2.0, -0.5, 0.5, 2.0];

fn relu(model: &str) -> ModelInferRequest {
    let output = |name: &str| InferRequestedOutputTensor { name: name.into(), ..Default::default() };
    ModelInferRequest {
        model_name: model.into(),
        id: "seven".into(),
        inputs: vec![InferInputTensor {
            name: "x".into(),
            datatype: "FP32".into(),
            shape: vec![2, 2],
            ..Default::default()
        }],
        outputs: vec![output("gradient"), output("value")],
        raw_input_contents: vec![X.iter().flat_map(|x| x.to_le_bytes()).collect()],
        ..Default::default()
    }
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::args().nth(1).ok_or("one argument is needed: HOST:PORT")?;
    let client = Client::new(&format!("http://{target}"), None).await?;

    assert!(client.server_live().await?.live);
    assert!(client.server_ready().await?.ready);
    assert_eq!(client.server_metadata().await?.name, "rectifier");
    let about = client
        .model_metadata(ModelMetadataRequest { name: "relu".into(), version: "".into() })
        .await?;
    assert_eq!(about.inputs[0].name, "x");

    let response = client.model_infer(relu("relu")).await?;
    assert_eq!(response.id, "seven");
    assert_eq!(floats(&response.raw_output_contents[0]), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(floats(&response.raw_output_contents[1]), [0.0, 0.0, 0.5, 2.0]);

    let error = client.model_infer(relu("rleu")).await.err().ok_or("there is no model rleu")?;
    let cause = error.source().ok_or("the error has no cause")?.to_string();
    assert!(cause.contains("model_name"), "{cause}");
    println!("ok");
    Ok(())
}
