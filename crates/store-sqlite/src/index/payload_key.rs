use annals_event::{Decimal, json_value};
use serde_json::Value;

/// Longer strings are cut: whoever finds a value by its key looks at the event itself.
const STRING_BYTES_MAX: usize = 500;

/// The key of a JSON scalar in an order that bytes keep: null, false, true, numbers, strings.
/// `None` for arrays, objects and what is no JSON.
///
/// Numbers are kept as doubles, so that different numbers may share a key, but never in the wrong order.
pub(crate) fn payload_key(text: &str) -> Option<Vec<u8>> {
    Some(match json_value(text)? {
        Value::Null => vec![0],
        Value::Bool(false) => vec![1],
        Value::Bool(true) => vec![2],
        Value::Number(number) => {
            // Equal decimals, however they are written, must have one key: -0 is 0.
            let literal = number.to_string();
            let is_zero = Decimal::parse(&literal) == Decimal::parse("0");
            let double = if is_zero { 0.0 } else { literal.parse::<f64>().ok()? };
            let mut key = vec![3];
            key.extend_from_slice(&ordered_bits(double).to_be_bytes());
            key
        }
        Value::String(string) => {
            let mut key = vec![4];
            key.extend(string.bytes().take(STRING_BYTES_MAX));
            key
        }
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// The bits of a double such that their order is the order of the numbers (IEEE 754 section 5.10, totalOrder).
fn ordered_bits(double: f64) -> u64 {
    let bits = double.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}
