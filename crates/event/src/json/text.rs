use std::fmt::Write;

use super::problem::JsonProblem;

/// Appends `value` to `text` as a JSON string with the escapes of RFC 8785 section 3.2.2.2
/// (those of ECMAScript's `JSON.stringify`), quotes included.
pub fn write_json_string(text: &mut String, value: &str) {
    text.push('"');
    // Most texts need no escape. To look at all bytes is faster than to stop at the first that does.
    if !value.bytes().fold(false, |found, byte| found | matches!(byte, 0..=0x1f | b'"' | b'\\')) {
        text.push_str(value);
        text.push('"');
        return;
    }
    let mut plain = 0;
    for (at, byte) in value.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0x0c => "\\f",
            b'\r' => "\\r",
            0..=0x1f => "",
            _ => continue,
        };
        text.push_str(value.get(plain..at).unwrap_or_default());
        if escape.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\u{byte:04x}");
        } else {
            text.push_str(escape);
        }
        plain = at + 1;
    }
    text.push_str(value.get(plain..).unwrap_or_default());
    text.push('"');
}

/// Reads the escape that `rest` starts with; the character and the escape's length in bytes.
pub(super) fn unescape(rest: &str) -> Result<(char, usize), JsonProblem> {
    let simple = match rest.as_bytes().get(1) {
        None => return Err(JsonProblem::Truncated),
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unescape_unicode(rest),
        Some(_) => return Err(JsonProblem::BadEscape),
    };
    Ok((simple, 2))
}

fn unescape_unicode(rest: &str) -> Result<(char, usize), JsonProblem> {
    let high = code_unit(rest)?;
    let (code, length) = match high {
        0 => return Err(JsonProblem::Nul),
        0xdc00..=0xdfff => return Err(JsonProblem::LoneSurrogate),
        0xd800..=0xdbff => {
            let second = rest.get(6..).filter(|rest| rest.starts_with("\\u"));
            let low = code_unit(second.ok_or(JsonProblem::LoneSurrogate)?)?;
            if !(0xdc00..=0xdfff).contains(&low) {
                return Err(JsonProblem::LoneSurrogate);
            }
            (0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12)
        }
        unit => (unit, 6),
    };
    let found = char::from_u32(code).ok_or(JsonProblem::LoneSurrogate)?;
    refuse_noncharacter(found)?;
    Ok((found, length))
}

/// The four hexadecimal digits behind `\u`.
fn code_unit(escape: &str) -> Result<u32, JsonProblem> {
    let digits = escape.as_bytes().get(2..6).ok_or(JsonProblem::Truncated)?;
    digits.iter().try_fold(0, |unit, &digit| {
        let value = char::from(digit).to_digit(16).ok_or(JsonProblem::BadEscape)?;
        Ok(unit << 4 | value)
    })
}

/// I-JSON (RFC 7493 section 2.1) allows no noncharacters.
pub(super) fn refuse_noncharacter(found: char) -> Result<(), JsonProblem> {
    let code = u32::from(found);
    if (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe {
        return Err(JsonProblem::Noncharacter(code));
    }
    Ok(())
}
