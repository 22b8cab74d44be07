//! jaq's values to JSON text, refusing what JSON cannot express.
//!
//! jaq-json has a writer of its own, but it writes NaN, byte strings and invalid UTF-8 as they are, and knows no limit.

use std::fmt::Write as _;

use jaq_json::{Num, Val};

/// Why a value was not written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum WriteFailure {
    /// JSON cannot express it.
    NotJson(&'static str),
    /// The text would end beyond the limit.
    TooLarge,
}

/// Appends a value's JSON text to a buffer that must not grow beyond a length.
pub(crate) struct JsonWriter<'a> {
    pub(crate) buffer: &'a mut Vec<u8>,
    /// The buffer's greatest allowed length.
    pub(crate) len_max: usize,
}

impl JsonWriter<'_> {
    pub(crate) fn value(&mut self, value: &Val) -> Result<(), WriteFailure> {
        match value {
            Val::Null => self.raw(b"null"),
            Val::Bool(true) => self.raw(b"true"),
            Val::Bool(false) => self.raw(b"false"),
            Val::Num(number) => self.number(number),
            Val::TStr(text) => self.string(text),
            Val::BStr(_) => Err(WriteFailure::NotJson("it holds a string of bytes (use `@base64`)")),
            Val::Arr(items) => self.array(items),
            Val::Obj(members) => self.object(members),
        }
    }

    /// Appends what is JSON already.
    pub(crate) fn raw(&mut self, text: &[u8]) -> Result<(), WriteFailure> {
        self.buffer.extend_from_slice(text);
        if self.buffer.len() > self.len_max { Err(WriteFailure::TooLarge) } else { Ok(()) }
    }

    fn number(&mut self, number: &Num) -> Result<(), WriteFailure> {
        match number {
            Num::Dec(digits) => self.raw(digits.as_bytes()),
            Num::Float(float) if !float.is_finite() => {
                Err(WriteFailure::NotJson("it holds a number that is infinite or not a number"))
            }
            other => {
                let mut digits = String::new();
                // Writing to a string cannot fail.
                let _ = write!(digits, "{other}");
                self.raw(digits.as_bytes())
            }
        }
    }

    fn string(&mut self, text: &[u8]) -> Result<(), WriteFailure> {
        let text = std::str::from_utf8(text)
            .map_err(|_| WriteFailure::NotJson("it holds a string that is not UTF-8"))?;
        self.text(text)
    }

    /// Appends a string.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), WriteFailure> {
        self.raw(b"\"")?;
        self.characters(text)?;
        self.raw(b"\"")
    }

    /// Appends what stands between the quotes of a string.
    pub(crate) fn characters(&mut self, text: &str) -> Result<(), WriteFailure> {
        let mut rest = text.as_bytes();
        while let Some(end) = rest.iter().position(|byte| matches!(byte, 0..=0x1f | b'"' | b'\\')) {
            let (plain, special) = rest.split_at(end);
            self.raw(plain)?;
            if let Some((byte, after)) = special.split_first() {
                self.escape(*byte)?;
                rest = after;
            }
        }
        self.raw(rest)
    }

    fn escape(&mut self, byte: u8) -> Result<(), WriteFailure> {
        match byte {
            b'"' => self.raw(b"\\\""),
            b'\\' => self.raw(b"\\\\"),
            b'\n' => self.raw(b"\\n"),
            b'\r' => self.raw(b"\\r"),
            b'\t' => self.raw(b"\\t"),
            other => self.raw(format!("\\u{other:04x}").as_bytes()),
        }
    }

    fn array(&mut self, items: &[Val]) -> Result<(), WriteFailure> {
        self.raw(b"[")?;
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.raw(b",")?;
            }
            self.value(item)?;
        }
        self.raw(b"]")
    }

    fn object(&mut self, members: &jaq_json::Map) -> Result<(), WriteFailure> {
        self.raw(b"{")?;
        for (index, (name, value)) in members.iter().enumerate() {
            if index > 0 {
                self.raw(b",")?;
            }
            match name {
                Val::TStr(name) => self.string(name)?,
                _ => {
                    return Err(WriteFailure::NotJson("it holds an object with a name that is not a string"));
                }
            }
            self.raw(b":")?;
            self.value(value)?;
        }
        self.raw(b"}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_in::parse_json;
    use proptest::prelude::*;

    fn written(value: &Val, len_max: usize) -> Result<String, WriteFailure> {
        let mut buffer = Vec::new();
        JsonWriter { buffer: &mut buffer, len_max }.value(value)?;
        Ok(String::from_utf8(buffer).unwrap())
    }

    #[test]
    fn keeps_the_digits_of_every_number_and_the_order_of_members() {
        let text = r#"{"z":1.10,"a":[-0,0,-0.0,1e2,1E+2,100000000000000000000000001,1.0000000000000000000001,1e999,0.1e-7]}"#;
        assert_eq!(written(&parse_json(text.as_bytes()).unwrap(), 1000).unwrap(), text);
    }

    #[test]
    fn refuses_bytes_nan_and_names_that_are_no_strings() {
        let object = Val::obj([(Val::from(1_isize), Val::Null)].into_iter().collect());
        for value in [Val::byte_str(vec![1]), Val::from(f64::NAN), Val::utf8_str(vec![0xff]), object] {
            assert!(matches!(written(&value, 1000), Err(WriteFailure::NotJson(_))));
        }
    }

    #[test]
    fn stops_at_the_limit() {
        let value = parse_json(b"[1,2,3]").unwrap();
        assert_eq!(written(&value, 7).unwrap(), "[1,2,3]");
        assert_eq!(written(&value, 6), Err(WriteFailure::TooLarge));
    }

    proptest! {
        #[test]
        fn any_string_is_read_back(text in any::<String>()) {
            let value = Val::from(text);
            prop_assert_eq!(parse_json(written(&value, usize::MAX).unwrap().as_bytes()).unwrap(), value);
        }
    }
}
