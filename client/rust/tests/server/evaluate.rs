//! One evaluation, and batches.

use rectifier::{Argument, Error, Evaluation, Quantity, Tensor};

use crate::support::{Server, numbers};

#[test]
fn one_evaluation_gives_all_that_is_asked_for() {
    let server = Server::start(&[]);
    let x = [-2.0_f32, -0.5, 0.5, 2.0];
    let evaluation =
        Evaluation::new("elu", &x).gradient().second_derivative().parameter_gradients();
    let result = server.client().evaluate(&evaluation).expect("a result");
    let exp = |x: f32| f64::from(x).exp() as f32;
    let value = result.value().expect("a value").as_slice::<f32>().expect("float32");
    assert_eq!(value[2..], [0.5, 2.0]);
    assert!((value[0] - (exp(-2.0) - 1.0)).abs() < 1e-7);
    let gradient = result.gradient().expect("a gradient").to_vec::<f32>().expect("float32");
    assert_eq!(gradient, [exp(-2.0), exp(-0.5), 1.0, 1.0]);
    let second = result.second_derivative().expect("a second derivative");
    assert_eq!(second.as_slice::<f32>().expect("float32"), [exp(-2.0), exp(-0.5), 0.0, 0.0]);
    let alpha = result.parameter_gradient("alpha").expect("alpha's");
    assert_eq!((alpha.shape(), alpha.len()), (&[][..], 1));
    assert!(alpha.as_slice::<f64>().expect("float64")[0] < -1.0);
}

#[test]
fn what_was_not_asked_for_says_how_to_ask() {
    let server = Server::start(&[]);
    let evaluation = Evaluation::new("relu", &[1.0_f32]).quantities([Quantity::Gradient]);
    let result = server.client().evaluate(&evaluation).expect("a result");
    for (error, word) in [
        (result.value().expect_err("none"), "quantities()"),
        (result.second_derivative().expect_err("none"), "second_derivative()"),
        (result.parameter_gradient("alpha").expect_err("none"), "parameter_gradients()"),
    ] {
        assert!(matches!(error, Error::NoResult(_)));
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn every_type_comes_back_as_it_went() {
    let server = Server::start(&[]);
    let client = server.client();
    let doubles = client.evaluate(&Evaluation::new("relu", &[-1.0_f64, 3.0])).expect("a result");
    assert_eq!(doubles.value().expect("a value").as_slice::<f64>().expect("float64"), [0.0, 3.0]);
    let bits = [0x3c00_u16.to_le_bytes(), 0xbc00_u16.to_le_bytes()].concat(); // 1 and -1
    let halves =
        Tensor::from_bytes(rectifier::ElementType::Float16, &bits, &[2]).expect("a tensor");
    let result = client.evaluate(&Evaluation::new("relu", halves)).expect("a result");
    assert_eq!(result.value().expect("a value").as_bytes(), [0, 0x3c, 0, 0]);
    assert!(matches!(
        result.value().expect("a value").as_slice::<f32>(),
        Err(Error::ElementType { actual: rectifier::ElementType::Float16, .. })
    ));
}

#[cfg(feature = "half")]
#[test]
fn slices_of_half_types_are_tensors() {
    use half::{bf16, f16};
    let server = Server::start(&[]);
    let client = server.client();
    let x = [f16::from_f32(-1.0), f16::from_f32(1.5)];
    let result = client.evaluate(&Evaluation::new("relu", &x)).expect("a result");
    let value = result.value().expect("a value").as_slice::<f16>().expect("float16");
    assert_eq!(value, [f16::ZERO, f16::from_f32(1.5)]);
    let x = [bf16::from_f32(-1.0), bf16::from_f32(1.5)];
    let result = client.evaluate(&Evaluation::new("relu", &x)).expect("a result");
    let value = result.value().expect("a value").as_slice::<bf16>().expect("bfloat16");
    assert_eq!(value, [bf16::ZERO, bf16::from_f32(1.5)]);
}

#[test]
fn arguments_are_numbers_words_and_tensors() {
    let server = Server::start(&[]);
    let client = server.client();
    let x = [1.0_f32, -2.0, 3.0, -4.0];
    let matrix = Tensor::new(&x, &[2, 2]).expect("a matrix");
    let slopes = [0.25_f64, 0.5];
    let upstream = [10.0_f32; 4];
    let evaluation = Evaluation::new("prelu", &matrix)
        .argument("weight", Argument::along(1, &slopes))
        .upstream(Tensor::new(&upstream, &[2, 2]).expect("a matrix"))
        .gradient()
        .parameter_gradients();
    let result = client.evaluate(&evaluation).expect("a result");
    assert_eq!(result.value().expect("a value").shape(), [2, 2]);
    let gradient = result.gradient().expect("a gradient").to_vec::<f32>().expect("float32");
    assert_eq!(gradient, [10.0, 5.0, 10.0, 5.0]);
    let weight = result.parameter_gradient("weight").expect("weight's");
    assert_eq!(weight.as_slice::<f64>().expect("the argument's type"), [0.0, -60.0]);

    let softmax = Evaluation::new("softmax", &matrix)
        .argument("axis", 1)
        .argument("mask", Tensor::new(&[true, false, true, true], &[2, 2]).expect("a mask"));
    let result = client.evaluate(&softmax).expect("a result");
    assert_eq!(
        result.value().expect("a value").as_slice::<f32>().expect("float32")[..2],
        [1.0, 0.0]
    );

    let pair = Evaluation::pair("glu", &[0.0_f32, 0.0], &[5.0_f32, 7.0])
        .argument("gate", "first")
        .gradient();
    let result = client.evaluate(&pair).expect("a result");
    assert_eq!(result.value().expect("a value").to_vec::<f32>().expect("float32"), [2.5, 3.5]);
    assert_eq!(result.gradients().len(), 2);

    let sums = Evaluation::new("logsumexp", &matrix).argument("axis", 1).argument("keepdims", true);
    assert_eq!(client.evaluate(&sums).expect("a result").value().expect("a value").shape(), [2, 1]);
}

#[test]
fn presets_and_full_names_choose_a_framework() {
    let server = Server::start(&[]);
    let client = server.client();
    let value = |evaluation: Evaluation<'_>| {
        let value = client.evaluate(&evaluation).expect("a result").into_value().expect("a value");
        value.to_vec::<f64>().expect("float64")[0]
    };
    let x = [-1.0_f64];
    assert_eq!(value(Evaluation::new("leaky_relu", &x).preset("pytorch")), -0.01);
    assert_eq!(value(Evaluation::new("leaky_relu", &x).preset("tensorflow")), -0.2);
    assert_eq!(value(Evaluation::new("tf.nn.leaky_relu", &x)), -0.2);
}

#[test]
fn a_batch_keeps_its_order_and_a_result_can_be_the_next_input() {
    let server = Server::start(&[]);
    let client = server.client();
    let x = numbers(10);
    let batch = [
        Evaluation::new("relu", &x),
        Evaluation::new("gelu", &x).gradient(),
        Evaluation::new("identity", &[7.0_f64]),
    ];
    let results = client.evaluate_batch(&batch).expect("results");
    assert_eq!(results.len(), 3);
    assert_eq!(
        results[0].value().expect("a value").as_slice::<f32>().expect("float32")[0],
        x[0].max(0.0)
    );
    assert_eq!(results[2].value().expect("a value").as_slice::<f64>().expect("float64"), [7.0]);
    let next = Evaluation::new("relu", results[1].value().expect("a value"));
    assert_eq!(client.evaluate(&next).expect("a result").value().expect("a value").len(), 10);
}

#[test]
fn ranks_and_sizes_of_zero_are_legal() {
    let server = Server::start(&[]);
    let client = server.client();
    let scalar = Tensor::new(&[2.0_f32], &[]).expect("rank 0");
    let result = client.evaluate(&Evaluation::new("relu", scalar)).expect("a result");
    assert!(result.value().expect("a value").shape().is_empty());
    let empty = Tensor::new::<f32>(&[], &[3, 0]).expect("no elements");
    let result = client.evaluate(&Evaluation::new("relu", empty)).expect("a result");
    assert_eq!(result.value().expect("a value").shape(), [3, 0]);
    assert!(result.value().expect("a value").is_empty());
}

#[tokio::test]
async fn the_async_client_runs_calls_side_by_side() {
    let server = Server::start(&[]);
    let client = rectifier::Client::connect(server.unix()).expect("a client");
    let tasks: Vec<_> = (0..32)
        .map(|i| {
            let client = client.clone();
            tokio::spawn(async move {
                let x = [i as f32 - 16.0];
                let result = client.evaluate(&Evaluation::new("relu", &x)).await?;
                result.value()?.to_vec::<f32>()
            })
        })
        .collect();
    for (i, task) in tasks.into_iter().enumerate() {
        let value = task.await.expect("no panic").expect("a result");
        assert_eq!(value, [(i as f32 - 16.0).max(0.0)]);
    }
}
