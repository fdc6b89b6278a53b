//! The vectors that all clients have in common: tests/conformance/vectors.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rectifier::{
    Argument, CallError, ElementType, Error, Evaluation, EvaluationResult, Quantity, Security,
    Tensor,
};
use serde_json::Value;

use crate::raw;
use crate::support::{Folder, Server};

/// The elements of a tensor of the file.
struct Elements {
    element_type: ElementType,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Elements {
    fn new(json: &Value) -> Self {
        let element_type = match text(&json["type"]) {
            "float16" => ElementType::Float16,
            "bfloat16" => ElementType::BFloat16,
            "float32" => ElementType::Float32,
            "float64" => ElementType::Float64,
            "bool" => ElementType::Bool,
            other => panic!("unknown type {other}"),
        };
        let shape = list(&json["shape"]).iter().map(index).collect();
        let repeat = json["repeat"].as_u64().unwrap_or(1) as usize;
        Self { element_type, shape, bytes: unhex(text(&json["data"])).repeat(repeat) }
    }

    fn tensor(&self) -> Tensor<'_> {
        Tensor::from_bytes(self.element_type, &self.bytes, &self.shape).expect("a tensor")
    }

    fn check(&self, tensor: &Tensor<'_>, what: &str) {
        assert_eq!(tensor.element_type(), self.element_type, "{what}");
        assert_eq!(tensor.shape(), self.shape, "{what}");
        if self.bytes.len() > 1 << 16 {
            assert!(tensor.as_bytes() == self.bytes, "{what}"); // too many to show
        }
        assert_eq!(tensor.as_bytes(), self.bytes, "{what}");
    }
}

fn list(json: &Value) -> &[Value] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn text(json: &Value) -> &str {
    json.as_str().expect("a string")
}

fn index(json: &Value) -> usize {
    json.as_u64().expect("a whole number") as usize
}

pub fn unhex(digits: &str) -> Vec<u8> {
    let byte = |i| u8::from_str_radix(&digits[i..i + 2], 16).expect("two digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn argument<'a>(json: &Value, tensors: &'a [Elements]) -> Argument<'a> {
    if let Some(digits) = json["number"].as_str() {
        let bytes = unhex(digits).try_into().expect("eight bytes");
        return f64::from_le_bytes(bytes).into();
    }
    if let Some(word) = json["word"].as_str() {
        return word.into();
    }
    let tensor = tensors[index(&json["tensor"])].tensor();
    match json["axis"].as_i64() {
        Some(axis) => Argument::along(axis as i32, tensor),
        None => tensor.into(),
    }
}

fn evaluation<'a>(json: &Value, tensors: &'a [Elements]) -> Evaluation<'a> {
    let inputs: Vec<_> = list(&json["inputs"]).iter().map(|i| tensors[index(i)].tensor()).collect();
    let name = text(&json["activation"]);
    let mut evaluation = match &inputs[..] {
        [input] => Evaluation::new(name, input.clone()),
        [first, second] => Evaluation::pair(name, first.clone(), second.clone()),
        _ => panic!("{} inputs", inputs.len()),
    };
    for (name, json) in json["arguments"].as_object().into_iter().flatten() {
        evaluation = evaluation.argument(name, argument(json, tensors));
    }
    if let Some(preset) = json["preset"].as_str() {
        evaluation = evaluation.preset(preset);
    }
    if !json["upstream"].is_null() {
        evaluation = evaluation.upstream(tensors[index(&json["upstream"])].tensor());
    }
    let quantities = list(&json["quantities"]).iter().map(|quantity| match text(quantity) {
        "value" => Quantity::Value,
        "gradient" => Quantity::Gradient,
        "second_derivative" => Quantity::SecondDerivative,
        "parameter_gradient" => Quantity::ParameterGradients,
        other => panic!("unknown quantity {other}"),
    });
    evaluation.quantities(quantities.collect::<Vec<_>>())
}

fn check_result(result: &EvaluationResult, json: &Value, case: &str) {
    for (name, tensor) in
        [("value", result.value()), ("second_derivative", result.second_derivative())]
    {
        match &json[name] {
            Value::Null => assert!(tensor.is_err(), "{case}: there is a {name}"),
            expected => Elements::new(expected).check(
                tensor.unwrap_or_else(|error| panic!("{case}: {error}")),
                &format!("{case}: {name}"),
            ),
        }
    }
    let gradients = list(&json["gradients"]);
    assert_eq!(result.gradients().len(), gradients.len(), "{case}");
    for (gradient, expected) in result.gradients().iter().zip(gradients) {
        Elements::new(expected).check(gradient, &format!("{case}: gradient"));
    }
    let expected = json["parameter_gradients"].as_object();
    let expected_count = expected.map_or(0, serde_json::Map::len);
    assert_eq!(result.parameter_gradients().len(), expected_count, "{case}");
    for (name, expected) in expected.into_iter().flatten() {
        let gradient = result.parameter_gradient(name);
        let gradient = gradient.unwrap_or_else(|error| panic!("{case}: {name}: {error}"));
        Elements::new(expected).check(gradient, &format!("{case}: {name}"));
    }
}

fn check_error(error: &Error, json: &Value, case: &str) {
    let code = format!("{:?}", error.code());
    assert_eq!(code, text(&json["code"]).to_owned().camel_case(), "{case}: {error}");
    assert_eq!(error.reason(), text(&json["reason"]), "{case}: {error}");
    let fields: Vec<_> = error.violations().iter().map(|v| v.field.as_str()).collect();
    let expected: Vec<_> = list(&json["fields"]).iter().map(text).collect();
    assert_eq!(fields, expected, "{case}: {error}");
    let element = error.call().and_then(|call| call.metadata.get("element").cloned());
    let expected = json["element"].as_u64().map(|element| element.to_string());
    assert_eq!(element, expected, "{case}: {error}");
    assert_eq!(error.retry_delay().is_some(), json["retry"] == true, "{case}: {error}");
    for says in list(&json["says"]) {
        assert!(error.to_string().contains(text(says)), "{case}: {error}");
    }
}

trait CamelCase {
    fn camel_case(self) -> String;
}

impl CamelCase for String {
    fn camel_case(self) -> String {
        let words = self.split('_').map(|word| word[..1].to_owned() + &word[1..].to_lowercase());
        words.collect()
    }
}

fn client(target: &str, case: &Value) -> rectifier::blocking::Client {
    let token = case["token"].as_str().unwrap_or_default().to_owned();
    let client = rectifier::blocking::Client::builder()
        .target(target)
        .security(Security { token, ..Security::default() })
        .build_blocking()
        .expect("a client");
    match case["timeout"].as_f64() {
        Some(seconds) => client.with_timeout(Duration::from_secs_f64(seconds)),
        None => client,
    }
}

/// What a case gives.
fn outcome(
    client: &rectifier::blocking::Client,
    server: &Server,
    case: &Value,
) -> Result<Vec<EvaluationResult>, Error> {
    let raw = |status| Error::from(CallError::from_status(&status, &server.unix(), None));
    if let Some(request) = case["request"].as_str() {
        raw::evaluate(&server.unix(), unhex(request)).map_err(raw)?;
        panic!("it succeeds");
    }
    if let Some(messages) = case["stream"].as_array() {
        let messages = messages.iter().map(|message| unhex(text(message))).collect();
        raw::evaluate_stream(&server.unix(), messages).map_err(raw)?;
        panic!("it succeeds");
    }
    let tensors: Vec<_> = list(&case["tensors"]).iter().map(Elements::new).collect();
    let evaluations: Vec<_> =
        list(&case["evaluations"]).iter().map(|json| evaluation(json, &tensors)).collect();
    match &evaluations[..] {
        [one] => Ok(vec![client.evaluate(one)?]),
        several => client.evaluate_batch(several),
    }
}

/// Runs all cases of a file.
fn run(file: &Path) -> usize {
    let content = fs::read_to_string(file).expect("a file of vectors");
    let json: Value = serde_json::from_str(&content).expect("JSON");
    let folder = Folder::new();
    let files = json["server_files"].as_object().into_iter().flatten();
    let paths: Vec<_> = files
        .map(|(name, content)| (format!("{{{name}}}"), folder.write(name, text(content))))
        .collect();
    let flags: Vec<String> = list(&json["server_flags"])
        .iter()
        .map(|flag| {
            let flag = text(flag).to_owned();
            paths.iter().fold(flag, |flag, (name, path)| flag.replace(name, path))
        })
        .collect();
    let server = Server::start(&flags.iter().map(String::as_str).collect::<Vec<_>>());
    run_at(&server.unix(), &server, file, &json);
    if file.ends_with("large.json") {
        run_at(&server.tcp(), &server, file, &json); // by streams, without shared memory
    }
    list(&json["cases"]).len()
}

/// Runs all cases of a file, whose content is `json`, with a client of this target.
fn run_at(target: &str, server: &Server, file: &Path, json: &Value) {
    let common = client(target, &Value::Null);
    for case in list(&json["cases"]) {
        let name = format!("{}: {}", file.display(), text(&case["name"]));
        let is_special = !case["token"].is_null() || !case["timeout"].is_null();
        let own = is_special.then(|| client(target, case));
        match outcome(own.as_ref().unwrap_or(&common), server, case) {
            Ok(results) => {
                let expected = list(&case["results"]);
                assert_eq!(results.len(), expected.len(), "{name}");
                for (result, expected) in results.iter().zip(expected) {
                    check_result(result, expected, &name);
                }
            }
            Err(error) if case["error"].is_null() => panic!("{name}: {error}"),
            Err(error) => check_error(&error, &case["error"], &name),
        }
    }
}

#[test]
fn every_vector_gives_its_bits_or_its_error() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var("RECTIFIER_VECTORS")
        .unwrap_or_else(|_| root.join("../../tests/conformance/vectors").display().to_string());
    let entries = fs::read_dir(&folder).expect("the folder of vectors");
    let paths = entries.map(|entry| entry.expect("a file").path());
    let files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    assert!(files.len() >= 9, "{} files of vectors", files.len());
    let cases: usize = files.iter().map(|file| run(file)).sum();
    println!("{cases} cases of {} files", files.len());
    assert!(cases > 500, "{cases} cases");
}
