//! Tensors that are too large for a message: by shared memory, by streams, refused.

use rectifier::{Code, Evaluation, Quantity, Tensor};

use crate::support::{Server, await_that, numbers};

/// 18 MiB of float32, with a last dimension that no chunk ends with.
const SHAPE: [usize; 2] = [4783, 987];

fn bits(tensor: &Tensor<'_>) -> Vec<u8> {
    tensor.as_bytes().to_vec()
}

/// The same evaluation over the first rows, by message.
fn head<'a>(x: &'a [f32], name: &str) -> Evaluation<'a> {
    Evaluation::new(name, Tensor::new(&x[..SHAPE[1]], &[1, SHAPE[1]]).expect("a row"))
}

#[test]
fn shared_memory_and_streams_give_the_same_bits() {
    let server = Server::start(&[]);
    let x = numbers(SHAPE[0] * SHAPE[1]);
    let upstream = numbers(x.len());
    let tensor = || Tensor::new(&x, &SHAPE).expect("a matrix");
    let clients = [
        server.client(),
        rectifier::blocking::Client::builder()
            .target(server.unix())
            .shared_memory(false)
            .build_blocking()
            .expect("a client"),
        rectifier::blocking::Client::connect(server.tcp()).expect("a client"),
    ];
    for evaluation in [
        Evaluation::new("gelu", tensor()).gradient().second_derivative(),
        Evaluation::new("prelu", tensor())
            .argument("weight", rectifier::Argument::along(1, &x[..SHAPE[1]].to_vec()))
            .upstream(Tensor::new(&upstream, &SHAPE).expect("a matrix"))
            .quantities([Quantity::Gradient, Quantity::ParameterGradients]),
        Evaluation::new("softmax", tensor()).argument("axis", -1).gradient(),
        Evaluation::new("logsumexp", tensor()).argument("axis", -1),
        Evaluation::pair("swiglu", tensor(), Tensor::new(&upstream, &SHAPE).expect("a matrix"))
            .argument("gate", "first")
            .gradient(),
    ] {
        let results = clients.each_ref().map(|c| c.evaluate(&evaluation).expect("a result"));
        let [first, others @ ..] = &results;
        for other in others {
            assert_eq!(first.value().is_ok(), other.value().is_ok());
            if let (Ok(value), Ok(same)) = (first.value(), other.value()) {
                assert!(value.shape() == same.shape() && value.as_bytes() == same.as_bytes());
            }
            assert_eq!(first.gradients().len(), other.gradients().len());
            for (gradient, same) in first.gradients().iter().zip(other.gradients()) {
                assert!(gradient.as_bytes() == same.as_bytes() && gradient.shape() == SHAPE);
            }
            let parameters = first.parameter_gradients();
            assert_eq!(parameters.len(), other.parameter_gradients().len());
            for (name, gradient) in parameters {
                let same = other.parameter_gradient(name).expect("the same names");
                assert_eq!(gradient.as_bytes(), same.as_bytes());
            }
        }
    }
}

#[test]
fn large_results_are_those_of_a_message() {
    let server = Server::start(&[]);
    let client = server.client();
    let x = numbers(SHAPE[0] * SHAPE[1]);
    let large = Evaluation::new("mish", Tensor::new(&x, &SHAPE).expect("a matrix")).gradient();
    let large = client.evaluate(&large).expect("a result");
    let small = client.evaluate(&head(&x, "mish").gradient()).expect("a result");
    let row = SHAPE[1] * size_of::<f32>();
    for (large, small) in [(large.value(), small.value()), (large.gradient(), small.gradient())] {
        let (large, small) = (large.expect("a tensor"), small.expect("a tensor"));
        assert_eq!(large.as_bytes()[..row], bits(small));
        assert_eq!(large.as_slice::<f32>().expect("float32").len(), x.len());
    }
}

#[test]
fn large_evaluations_go_by_shared_memory_where_that_is_offered() {
    let server = Server::start(&["--max_message_bytes=64KiB"]);
    let x = numbers(SHAPE[0] * SHAPE[1]);
    let tensor = || Tensor::new(&x, &SHAPE).expect("a matrix");
    let client = server.client();
    // Rows of 8 MiB belong together, so that a stream is refused, and shared memory is not.
    let rows = Evaluation::new("softmax", tensor()).argument("axis", 0).upstream(tensor());
    client.evaluate(&rows).expect("by shared memory");
    let by_tcp = rectifier::blocking::Client::connect(server.tcp()).expect("a client");
    let error = by_tcp.evaluate(&rows).expect_err("by a stream");
    assert_eq!(error.reason(), "ROWS_TOO_LONG", "{error}");
}

#[test]
fn rows_that_no_stream_takes_go_by_message_where_they_fit() {
    let server = Server::start(&["--max_message_bytes=24MiB"]);
    let x = numbers(SHAPE[0] * SHAPE[1]);
    let rows =
        Evaluation::new("softmax", Tensor::new(&x, &SHAPE).expect("a matrix")).argument("axis", 0);
    for target in [server.tcp(), server.unix()] {
        let client = rectifier::blocking::Client::connect(target).expect("a client");
        let result = client.evaluate(&rows).expect("a result");
        assert_eq!(result.value().expect("a value").shape(), SHAPE);
    }
}

#[test]
fn results_in_shared_memory_outlive_the_client() {
    let server = Server::start(&[]);
    let x = vec![2.0_f32; SHAPE[0] * SHAPE[1]];
    let evaluation = Evaluation::new("relu", Tensor::new(&x, &SHAPE).expect("a matrix"));
    let client = server.client();
    let value = client.evaluate(&evaluation).expect("a result").into_value().expect("a value");
    drop(client);
    assert!(value.as_slice::<f32>().expect("float32") == x);
}

#[test]
fn buffers_are_kept_for_the_next_call_and_given_back() {
    let server = Server::start(&["--metrics_listen=127.0.0.1:0"]);
    let x = numbers(SHAPE[0] * SHAPE[1]);
    let evaluation = Evaluation::new("relu", Tensor::new(&x, &SHAPE).expect("a matrix"));
    let client = server.client();
    for _ in 0..3 {
        client.evaluate(&evaluation).expect("a result");
        assert_eq!(server.buffers(), 2);
    }
    let first = client.evaluate(&evaluation).expect("a result");
    let second = client.evaluate(&evaluation).expect("a result");
    assert_eq!(server.buffers(), 3, "one result does not use the other's memory");
    assert!(first.value().expect("a value").as_bytes() == second.value().expect("one").as_bytes());
    drop((first, second));
    await_that(|| server.buffers() == 0); // after ten seconds
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn buffers_of_a_call_that_was_given_up_are_not_used_again() {
    let server = Server::start(&["--metrics_listen=127.0.0.1:0"]);
    let client = rectifier::Client::connect(server.unix()).expect("a client");
    let x = numbers(8 << 20);
    let rows = || Tensor::new(&x, &[8, 1 << 20]).expect("rows");
    let evaluation = Evaluation::new("entmax", rows()).argument("alpha", 1.7).upstream(rows());
    server.drop_once(|server| server.started("Evaluate") > 0, client.evaluate(&evaluation)).await;
    await_that(|| server.buffers() == 0);
}

#[test]
fn where_there_is_no_room_in_shared_memory_streams_go_on() {
    let server = Server::start(&["--max_buffer_bytes=40MiB"]);
    let x = numbers(SHAPE[0] * SHAPE[1]);
    let evaluation = Evaluation::new("relu", Tensor::new(&x, &SHAPE).expect("a matrix"));
    let client = server.client();
    let results: Vec<_> = (0..4).map(|_| client.evaluate(&evaluation).expect("a result")).collect();
    for result in &results {
        let value = result.value().expect("a value").as_slice::<f32>().expect("float32");
        assert!(value.iter().zip(&x).all(|(y, x)| *y == x.max(0.0)));
    }
}

#[test]
fn a_server_that_has_been_replaced_gets_new_buffers() {
    let mut server = Server::start(&[]);
    let x = numbers(SHAPE[0] * SHAPE[1]);
    let evaluation = Evaluation::new("relu", Tensor::new(&x, &SHAPE).expect("a matrix"));
    let client = server.client();
    client.evaluate(&evaluation).expect("a result");
    server.restart(&[]);
    client.evaluate(&evaluation).expect("a result of the new server");
}

#[test]
fn a_small_limit_of_messages_leads_to_a_stream() {
    let server = Server::start(&["--max_message_bytes=1MiB"]);
    let client = rectifier::blocking::Client::connect(server.tcp()).expect("a client");
    let x = numbers(1 << 19);
    let result = client.evaluate(&Evaluation::new("relu", &x).gradient()).expect("a result");
    assert_eq!(result.value().expect("a value").len(), x.len());
}

#[test]
fn errors_of_large_evaluations_name_the_fields_of_an_evaluation() {
    let server = Server::start(&[]);
    let x = numbers(SHAPE[0] * SHAPE[1]);
    let tensor = || Tensor::new(&x, &SHAPE).expect("a matrix");
    let transposed = Tensor::new(&x, &[SHAPE[1], SHAPE[0]]).expect("a matrix");
    for target in [server.unix(), server.tcp()] {
        let client = rectifier::blocking::Client::connect(target).expect("a client");
        for (evaluation, field, word) in [
            (Evaluation::new("gellu", tensor()), "evaluations[0].activation.name", "gelu"),
            (
                Evaluation::new("elu", tensor()).argument("alfa", 1.0),
                "evaluations[0].activation.arguments[\"alfa\"]",
                "alpha",
            ),
            (
                Evaluation::new("elu", tensor()).upstream(&transposed).gradient(),
                "evaluations[0].upstream",
                "[4783, 987]",
            ),
            (
                Evaluation::pair("glu", tensor(), &transposed),
                "evaluations[0].inputs[1]",
                "[4783, 987]",
            ),
        ] {
            let error = client.evaluate(&evaluation).expect_err(field);
            assert_eq!(error.code(), Code::InvalidArgument);
            assert_eq!(error.violations()[0].field, field, "{error}");
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}

// The value of crelu has twice as many elements as its input, which only the server knows.
#[test]
fn a_reply_that_outgrows_a_message_says_so() {
    let server = Server::start(&["--max_message_bytes=64KiB"]);
    let x = numbers(6000);
    let crelu = Evaluation::new("crelu", &x).gradient();
    let error = server.client().evaluate(&crelu).expect_err("72 kB");
    assert_eq!((error.reason(), error.retry_delay()), ("REPLY_TOO_LARGE", None));
}

#[test]
fn a_batch_that_no_message_holds_goes_one_by_one() {
    let server = Server::start(&["--max_message_bytes=2MiB"]);
    let x = numbers(400_000); // 1.5 MiB
    let small = numbers(3);
    for target in [server.unix(), server.tcp()] {
        let client = rectifier::blocking::Client::connect(target).expect("a client");
        let batch = |last| {
            client.evaluate_batch(&[
                Evaluation::new("relu", &x).gradient(),
                Evaluation::new("abs", &small),
                Evaluation::new(last, &x),
            ])
        };
        let results = batch("abs").expect("results");
        let [relu, few, abs] = &results[..] else { panic!("three results") };
        let y = relu.value().expect("a value").as_slice::<f32>().expect("float32");
        assert!(y.iter().zip(&x).all(|(y, x)| *y == x.max(0.0)));
        assert_eq!(few.value().expect("a value").len(), 3);
        let y = abs.value().expect("a value").as_slice::<f32>().expect("float32");
        assert!(y.iter().zip(&x).all(|(y, x)| *y == x.abs()));
        let error = batch("abss").expect_err("a wrong name");
        assert_eq!(error.violations()[0].field, "evaluations[2].activation.name");
        assert!(error.to_string().starts_with("evaluations[2]."), "{error}");
    }
}

#[test]
fn what_the_server_would_refuse_is_not_uploaded() {
    let server = Server::start(&["--max_message_bytes=2MiB", "--max_elements=1000000"]);
    let client = rectifier::blocking::Client::connect(server.tcp()).expect("a client");
    let x = numbers(600_000);
    let mask = vec![true; 3 << 20];
    let wide = numbers(3 << 20);
    let masked = Evaluation::new("softmax", &wide).argument("mask", &mask);
    let error = client.evaluate(&masked).expect_err("too many elements");
    let field = "evaluations[0].activation.arguments[\"mask\"].tensor";
    assert_eq!(error.violations()[0].field, field);
    let slopes = vec![0.25_f64; 600_000];
    let sloped = Evaluation::new("prelu", &x).argument("weight", &slopes);
    let error = client.evaluate(&sloped).expect_err("too large an argument");
    let field = "evaluations[0].activation.arguments[\"weight\"].tensor";
    let given = (error.violations()[0].field.as_str(), error.reason());
    assert_eq!(given, (field, "ARGUMENTS_TOO_LARGE"));
}
