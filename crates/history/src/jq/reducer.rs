use std::collections::BTreeSet;

use annals_event::{Committed, JsonForm, JsonObject, RecordedEvent, SchemaVersion};
use annals_jq::{CompileError, Program, ProgramText, States};

/// A jq program that makes an aggregate's new state of the old one and an event.
///
/// It gets `{state, event}` as `.`, where the state is `{}` at first and the event is as it is shown everywhere
/// (`eventType`, `payload`, `timestamp` …), behind its upcasters. It gives exactly one object.
#[derive(Debug, Clone)]
pub struct JqReducer {
    /// For one event.
    program: Program,
    /// For many events: the state behind the last one.
    last: Program,
    /// For many events: the state behind each.
    each: Program,
    /// The members of an event that the program may look at; `None` when it may look at all.
    event_members: Option<BTreeSet<String>>,
}

impl JqReducer {
    /// Compiles a reducer; messages call it `name`, such as the name of its file.
    ///
    /// # Errors
    /// [`CompileError`] with places and reasons.
    pub fn compile(name: &str, text: &str) -> Result<Self, CompileError> {
        let program = Program::compile(ProgramText { name, text, variables: &[] })?;
        let (last, each) = (program.folding(States::Last), program.folding(States::Each));
        Ok(Self { event_members: last.event_members(), program, last, each })
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    pub(crate) fn last(&self) -> &Program {
        &self.last
    }

    pub(crate) fn each(&self) -> &Program {
        &self.each
    }

    /// The event as the program gets it, with what upcasters made of its payload.
    pub(crate) fn event_text(
        &self,
        event: &RecordedEvent,
        upcast: Option<(JsonObject, SchemaVersion)>,
    ) -> String {
        if let Some((payload, schema_version)) = upcast {
            let payload = Committed::Value(payload);
            let upcast = RecordedEvent { payload, schema_version, ..event.clone() };
            return self.event_text(&upcast, None);
        }
        let Some(members) = &self.event_members else { return event.to_json(JsonForm::Embedded) };
        let mut text = String::with_capacity(512);
        event.write_json_members(&mut text, JsonForm::Embedded, |name| members.contains(name));
        text
    }
}
