use serde_json::Value;

/// The keywords that refer to another part of a schema.
const KEYWORDS: &[&str] = &["$ref", "$dynamicRef", "$recursiveRef"];

/// A reference in a schema's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// JSON pointer to it.
    pub(super) place: String,
    /// What it refers to.
    pub(super) target: String,
}

/// Every reference of a document; also what only looks like one, as in an `enum`.
pub(super) fn references(document: &Value) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut awaiting = vec![(String::new(), document)];
    while let Some((place, value)) = awaiting.pop() {
        match value {
            Value::Array(elements) => {
                let indexed = elements.iter().enumerate();
                awaiting.extend(indexed.map(|(index, element)| (format!("{place}/{index}"), element)));
            }
            Value::Object(members) => {
                for (name, value) in members {
                    let place = format!("{place}/{}", escaped(name));
                    match value {
                        Value::String(target) if KEYWORDS.contains(&name.as_str()) => {
                            found.push(Reference { place, target: target.clone() });
                        }
                        value => awaiting.push((place, value)),
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// A name as a step of a JSON pointer (RFC 6901, section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_found_with_their_places() {
        let document = json!({"a/b": [{"$ref": "#/x"}], "properties": {"$ref": {"$dynamicRef": "#y"}}});
        let mut found = references(&document);
        found.sort_by(|one, other| one.place.cmp(&other.place));
        let expected = [("/a~1b/0/$ref", "#/x"), ("/properties/$ref/$dynamicRef", "#y")];
        let expected =
            expected.map(|(place, target)| Reference { place: place.into(), target: target.into() });
        assert_eq!(found, expected);
    }
}
