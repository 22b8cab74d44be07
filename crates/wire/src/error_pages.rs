//! The pages of `docs/errors`, which explain every code.

use annals::{JsonForm, write_json_string};

use crate::records::Record;

/// One page.
pub struct ErrorPage {
    /// The stable code.
    pub code: &'static str,
    /// The page as Markdown.
    pub text: &'static str,
}

macro_rules! pages {
    ($($code:literal)*) => {
        &[$(ErrorPage {
            code: $code,
            text: include_str!(concat!("../../../docs/errors/", $code, ".md")),
        }),*]
    };
}

/// Every page, by code.
pub const PAGES: &[ErrorPage] = pages![
    "access-not-recorded"
    "address-unavailable"
    "already-written"
    "auth-misconfigured"
    "bench-failed"
    "body-too-large"
    "body-unreadable"
    "bookkeeping-altered"
    "checkpoint-altered"
    "checkpoint-contradicts-log"
    "checkpoint-refused"
    "condition-failed"
    "csrf-token-missing"
    "cursor-conflict"
    "database-damaged"
    "dead-letter-settled"
    "demo-failed"
    "derived-differs"
    "event-added"
    "event-altered"
    "event-file-invalid"
    "event-id-conflict"
    "event-id-twice"
    "event-missing"
    "event-unreadable"
    "file-exists"
    "file-unavailable"
    "forbidden"
    "foreign-checkpoint"
    "foreign-tiles"
    "head-altered"
    "header-invalid"
    "host-refused"
    "index-altered"
    "index-hides-event"
    "input-not-stored"
    "interrupted"
    "invalid-append"
    "invalid-configuration"
    "invalid-event"
    "invalid-jq-program"
    "invalid-location"
    "invalid-schema"
    "issuer-unavailable"
    "job-running"
    "jq-worker-failed"
    "jq-worker-lost"
    "key-altered"
    "key-needed"
    "key-of-another-log"
    "key-rotation-refused"
    "log-forked"
    "log-not-empty"
    "log-read-only"
    "log-rewound"
    "mapping-failed"
    "mapping-refused"
    "media-type-refused"
    "member-invalid"
    "member-missing"
    "member-unknown"
    "method-not-allowed"
    "no-home-folder"
    "no-store"
    "no-such-aggregate"
    "no-such-log"
    "no-such-route"
    "no-such-version"
    "not-a-store"
    "not-found"
    "not-over-http"
    "not-yet-signed"
    "output-failed"
    "parameter-invalid"
    "parameter-unknown"
    "payload-unreadable"
    "predecessor-differs"
    "proof-invalid"
    "randomness-unavailable"
    "receipt-of-another-event"
    "record-not-csv"
    "record-not-json"
    "record-not-utf8"
    "record-too-long"
    "recorded-at-order"
    "reducer-failed"
    "request-timed-out"
    "reserved-stream"
    "role-missing"
    "schema-altered"
    "schema-missing"
    "schema-violated"
    "server-failed"
    "server-refused"
    "session-over"
    "sign-in-failed"
    "sign-in-needed"
    "signing-key-exposed"
    "signing-key-mismatch"
    "signing-key-missing"
    "signing-key-unavailable"
    "signing-key-unreadable"
    "signing-state-missing"
    "signing-state-unreadable"
    "snapshot-not-kept"
    "store-corrupt"
    "store-outdated"
    "store-unavailable"
    "tls-needed"
    "tls-unusable"
    "token-expired"
    "token-refused"
    "too-many-jobs"
    "too-many-requests"
    "tree-hash-altered"
    "truncated"
    "undo-not-expressible"
    "unknown-code"
    "unusable-file"
    "upcaster-failed"
    "usage"
    "verification-failed"
    "verifier-key-missing"
    "version-gap"
    "wrong-expected-version"
];

impl ErrorPage {
    /// The page of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<&'static Self> {
        PAGES.iter().find(|page| page.code == code)
    }

    /// The first line without its mark-up and code: what the error is.
    #[must_use]
    pub fn title(&self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.split_once(": ").map_or(line, |(_, title)| title)
    }
}

impl Record for ErrorPage {
    const COLUMNS: &'static [&'static str] = &["code", "title", "page"];

    fn fields(&self) -> Vec<String> {
        [self.code, self.title(), self.text].map(str::to_owned).to_vec()
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        for (lead, value) in
            [("{\"code\":", self.code), (",\"title\":", self.title()), (",\"page\":", self.text)]
        {
            text.push_str(lead);
            write_json_string(text, value);
        }
        text.push('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_folder_is_embedded_and_has_a_title() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors");
        let mut written: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
            .filter(|name| name != "README")
            .collect();
        written.sort();
        let embedded: Vec<&str> = PAGES.iter().map(|page| page.code).collect();
        assert_eq!(embedded, written);
        for page in PAGES {
            assert!(page.text.starts_with(&format!("# `{}`: ", page.code)), "{}", page.code);
            assert!(!page.title().is_empty());
        }
    }
}
