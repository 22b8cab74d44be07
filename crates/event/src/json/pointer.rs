use std::fmt;

use crate::InvalidEvent;

/// An RFC 6901 JSON pointer, such as `/items/0/price`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPointer {
    text: String,
    steps: Vec<String>,
}

impl JsonPointer {
    /// The steps from the outermost value inwards, unescaped; none for the whole document.
    #[must_use]
    pub fn steps(&self) -> &[String] {
        &self.steps
    }

    /// The pointer's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl std::str::FromStr for JsonPointer {
    type Err = InvalidEvent;
    fn from_str(text: &str) -> Result<Self, InvalidEvent> {
        let invalid = || InvalidEvent::JsonPointer(text.to_owned());
        let mut steps = Vec::new();
        if let Some(inside) = text.strip_prefix('/') {
            for step in inside.split('/') {
                let rest = step.replace("~0", "").replace("~1", "");
                if rest.contains('~') {
                    return Err(invalid());
                }
                steps.push(step.replace("~1", "/").replace("~0", "~"));
            }
        } else if !text.is_empty() {
            return Err(invalid());
        }
        Ok(Self { text: text.to_owned(), steps })
    }
}
