//! Base64url without padding, as RFC 7515 section 2 has it. Each sequence of bytes has exactly one text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_text_reads_as_the_same_bytes() {
        assert_eq!(decode("_w").as_deref(), Some([0xff].as_slice()));
        for other in ["_x", "_w==", "/w", "_w ", "_w\n"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }
}
