/// The value of a header `traceparent` if it is one of W3C Trace Context: version, trace id, parent id and flags in lowercase
/// hex. Another one is ignored, as section 3.2.2 of the recommendation demands.
pub(crate) fn trace_context(value: &str) -> Option<String> {
    let parts: Vec<&str> = value.split('-').collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    (lengths == [2, 32, 16, 2] && parts.iter().all(is_hex)).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trace_context_is_kept() {
        let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace_context(given).as_deref(), Some(given));
        for other in ["", "00-x-y-z", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-1-2-3"] {
            assert_eq!(trace_context(other), None, "{other}");
        }
    }
}
