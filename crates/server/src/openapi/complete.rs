//! What is true of every request, added to what each says of itself.

use serde_json::{Map, Value, json};

/// The shapes of answers.
const SCHEMAS: &str = include_str!("../../openapi/schemas.json");

/// What paths may hold, and what it means.
const PATH_PARAMETERS: [(&str, &str, &str); 5] = [
    ("log", "The log's name", "main"),
    ("aggregateType", "The kind of aggregate, percent-encoded", "Order"),
    ("aggregateId", "Which aggregate, percent-encoded", "order_456"),
    ("job", "The job's id", "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11"),
    ("letter", "The dead letter's number", "7"),
];

/// How any request may fail.
const FAILURES: [(&str, &str); 9] = [
    ("400", "The request is not what it must be"),
    ("401", "It is not known who asks"),
    ("403", "She may not"),
    ("404", "It does not exist"),
    ("405", "It cannot be asked in this way"),
    ("421", "The request is for another host"),
    ("429", "Too much is asked"),
    ("500", "The server or the log is damaged"),
    ("503", "It cannot be answered at the moment"),
];

/// How a request with a body may fail besides.
const FAILURES_OF_BODIES: [(&str, &str); 3] = [
    ("409", "It contradicts what is recorded"),
    ("413", "The body is too large"),
    ("415", "The body is of another kind"),
];

/// Adds what every request has: the shapes of answers, the ways to fail, parameters in the path, who may ask, and the same
/// for logs other than `main`.
pub(super) fn complete(mut document: Value) -> Value {
    let schemas: Value = serde_json::from_str(SCHEMAS).unwrap_or_default();
    resolve(&mut document);
    let paths = document["paths"].take();
    let mut completed = Map::new();
    for (path, mut item) in paths.as_object().cloned().unwrap_or_default() {
        for operation in item.as_object_mut().into_iter().flat_map(|item| item.values_mut()) {
            add_failures(operation);
        }
        if let Some(twin) = of_other_logs(&path) {
            let mut item = item.clone();
            for operation in item.as_object_mut().into_iter().flat_map(|item| item.values_mut()) {
                name_twin(operation);
                add_path_parameters(operation, &twin);
            }
            completed.insert(twin, item);
        }
        for operation in item.as_object_mut().into_iter().flat_map(|item| item.values_mut()) {
            add_path_parameters(operation, &path);
        }
        completed.insert(path, item);
    }
    document["paths"] = Value::Object(completed);
    document["components"]["schemas"] = schemas;
    document["components"]["securitySchemes"] = json!({
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "session": {"type": "apiKey", "in": "cookie", "name": "annals-session"},
    });
    document["security"] = json!([{}, {"token": []}, {"session": []}]);
    document
}

/// Where the same can be asked of another log.
fn of_other_logs(path: &str) -> Option<String> {
    match path.strip_prefix("/v1/") {
        Some("logs" | "me") => None,
        Some(rest) => Some(format!("/v1/logs/{{log}}/{rest}")),
        None if path == "/checkpoint" || path.starts_with("/tile/") => Some(format!("/logs/{{log}}{path}")),
        None => None,
    }
}

/// Operations have names of their own.
fn name_twin(operation: &mut Value) {
    if let Some(name) = operation["operationId"].as_str() {
        operation["operationId"] = json!(format!("{name}_of_log"));
    }
}

/// Makes of names of shapes the places where they stand. Numbers are numbers: how many bits they have here is nobody's
/// business.
fn resolve(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("type").is_some_and(|kind| kind.to_string().contains("integer")) {
                members.remove("format");
            }
            for (name, value) in members.iter_mut() {
                match value.as_str() {
                    Some(shape) if name == "$ref" && !shape.contains('/') => {
                        *value = json!(format!("#/components/schemas/{shape}"));
                    }
                    _ => resolve(value),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(resolve),
        _ => {}
    }
}

fn add_failures(operation: &mut Value) {
    let has_body = operation.get("requestBody").is_some();
    let of_bodies = FAILURES_OF_BODIES.iter().filter(|(status, _)| has_body || *status == "409");
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, description) in FAILURES.iter().chain(of_bodies) {
        responses.entry(*status).or_insert_with(|| {
            let shape = json!({"$ref": "#/components/schemas/Problem"});
            json!({"description": description, "content": {"application/problem+json": {"schema": shape}}})
        });
    }
}

/// Adds the parameters of a path that its handler does not describe, because an extractor reads them.
fn add_path_parameters(operation: &mut Value, path: &str) {
    let Some(operation) = operation.as_object_mut() else { return };
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else { return };
    for (name, description, example) in PATH_PARAMETERS {
        let is_described = parameters.iter().any(|known| known["name"] == name && known["in"] == "path");
        if path.contains(&format!("{{{name}}}")) && !is_described {
            parameters.push(json!({
                "name": name, "in": "path", "required": true, "description": description,
                "schema": {"type": "string"}, "example": example,
            }));
        }
    }
}
