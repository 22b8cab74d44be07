use annals::history::{Change, History, HistoryError, Moment, Undo, Undone};
use annals::{JsonForm, JsonObject, Placement, StreamName, StreamVersion, write_json_string};

use super::change::write_changes_json;
use super::event_ref::write_event_refs;
use crate::records::Record;

/// What brings an aggregate back to an earlier state.
pub struct UndoAnswer {
    /// The aggregate.
    pub stream: StreamName,
    /// The version that it has.
    pub from: StreamVersion,
    /// The version whose state shall be back.
    pub to: StreamVersion,
    /// What brings it back.
    pub undo: Undo,
    /// Where the event stands, if one was recorded.
    pub appended: Option<Placement>,
}

impl UndoAnswer {
    /// What brings an aggregate back to its state at `to`, without recording anything.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub async fn ask(
        history: &History,
        stream: &StreamName,
        to: StreamVersion,
    ) -> Result<Self, HistoryError> {
        let undo = history.undo(stream, to).await?;
        let from = match &undo {
            Undo::Payload { undone, .. } | Undo::Difference { undone, .. } => {
                undone.events.last().map_or(to, |last| last.version)
            }
            Undo::Nothing => history.state(stream, Moment::Now).await?.version(),
        };
        Ok(Self { stream: stream.clone(), from, to, undo, appended: None })
    }

    /// The payload, the changes, and what is undone.
    #[must_use]
    pub fn parts(&self) -> (Option<&JsonObject>, &[Change], Option<&Undone>) {
        match &self.undo {
            Undo::Nothing => (None, &[], None),
            Undo::Payload { payload, changes, undone } => (Some(payload), changes, Some(undone)),
            Undo::Difference { changes, undone } => (None, changes, Some(undone)),
        }
    }
}

impl Record for UndoAnswer {
    const COLUMNS: &'static [&'static str] =
        &["aggregate", "fromVersion", "toVersion", "payload", "changes", "undoneCount"];

    fn fields(&self) -> Vec<String> {
        let (payload, changes, undone) = self.parts();
        let mut json = String::new();
        write_changes_json(&mut json, changes);
        vec![
            self.stream.to_string(),
            self.from.to_string(),
            self.to.to_string(),
            payload.map(JsonObject::to_string).unwrap_or_default(),
            json,
            undone.map_or(0, |undone| undone.count).to_string(),
        ]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        let (payload, changes, undone) = self.parts();
        text.push_str("{\"aggregate\":");
        write_json_string(text, &self.stream.to_string());
        let payload = payload.map_or("null", JsonObject::as_str);
        text.push_str(&format!(
            ",\"fromVersion\":{},\"toVersion\":{},\"payload\":{payload},\"changes\":",
            self.from, self.to
        ));
        write_changes_json(text, changes);
        text.push_str(",\"undone\":");
        write_event_refs(text, undone.map_or(&[], |undone| &undone.events));
        text.push_str(&format!(",\"undoneCount\":{}", undone.map_or(0, |undone| undone.count)));
        if let Some(Placement { event_id, position, version, .. }) = &self.appended {
            text.push_str(&format!(
                ",\"appended\":{{\"position\":{position},\"version\":{version},\"eventId\":\"{event_id}\"}}"
            ));
        }
        text.push('}');
    }
}
