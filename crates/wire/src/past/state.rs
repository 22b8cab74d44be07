use annals::history::{Source, StateAt};
use annals::{JsonForm, write_json_string};

use super::event_ref::write_event_refs;
use super::value::compact;
use crate::records::Record;

/// Whether an answer says where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explained {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// A state as a record.
pub struct StateRow<'a> {
    /// The state.
    pub at: &'a StateAt,
    /// Whether it is said where it comes from.
    pub explained: Explained,
}

impl Record for StateRow<'_> {
    const COLUMNS: &'static [&'static str] =
        &["aggregate", "version", "position", "timestamp", "late", "state"];

    fn fields(&self) -> Vec<String> {
        let last = self.at.last.as_ref();
        vec![
            self.at.stream.to_string(),
            self.at.version().to_string(),
            last.map(|last| last.position.to_string()).unwrap_or_default(),
            last.map(|last| last.timestamp.to_string()).unwrap_or_default(),
            self.at.late.count.to_string(),
            compact(&self.at.state),
        ]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        let at = self.at;
        text.push_str("{\"aggregate\":");
        write_json_string(text, &at.stream.to_string());
        text.push_str(&format!(",\"version\":{}", at.version()));
        match &at.last {
            Some(last) => {
                text.push_str(&format!(
                    ",\"position\":{},\"timestamp\":\"{}\"",
                    last.position, last.timestamp
                ));
            }
            None => text.push_str(",\"position\":null,\"timestamp\":null"),
        }
        text.push_str(",\"late\":");
        write_event_refs(text, &at.late.events);
        text.push_str(",\"state\":");
        at.state.write_json(text);
        if self.explained == Explained::Yes {
            write_explanation(text, at);
        }
        text.push('}');
    }
}

fn write_explanation(text: &mut String, at: &StateAt) {
    let (source, version) = match at.source {
        Source::Replay => ("replay", "null".to_owned()),
        Source::Snapshot(version) => ("snapshot", version.to_string()),
        Source::Cache => ("cache", "null".to_owned()),
    };
    let folded = at.folded;
    text.push_str(&format!(
        ",\"explain\":{{\"source\":\"{source}\",\"snapshotVersion\":{version},\"eventsFolded\":{folded}}}"
    ));
}
