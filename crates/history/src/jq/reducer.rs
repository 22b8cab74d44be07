use annals_jq::{CompileError, Program, ProgramText};

/// A jq program that makes an aggregate's new state of the old one and an event.
///
/// It gets `{state, event}` as `.`, where the state is `{}` at first and the event is as it is shown everywhere
/// (`eventType`, `payload`, `timestamp` …), behind its upcasters. It gives exactly one object.
#[derive(Debug, Clone)]
pub struct JqReducer {
    /// The program as it was written, for one event.
    program: Program,
    /// Gets `{state, events}` and gives the state behind the last event.
    last: Program,
    /// Gets `{state, events}` and gives the state behind each event.
    each: Program,
}

/// Refuses what is not exactly one object. The message is never shown: an event on which the program fails is tried
/// once more, alone.
const ONE_OBJECT: &str = r#"[annals_reducer]
| if length == 1 and (.[0] | type) == "object" then .[0] else error("not one object") end"#;

impl JqReducer {
    /// Compiles a reducer; messages call it `name`, such as the name of its file.
    ///
    /// # Errors
    /// [`CompileError`] with places and reasons.
    pub fn compile(name: &str, text: &str) -> Result<Self, CompileError> {
        // Compiled as it stands first, so that places in messages are those of the text.
        let program = Program::compile(ProgramText { name, text, variables: &[] })?;
        let around = |keyword: &str| {
            let text = format!(
                "def annals_reducer: {text}\n;\ndef annals_step: {ONE_OBJECT};\n\
                 {keyword} .events[] as $event (.state; {{state: ., event: $event}} | annals_step)"
            );
            Program::compile(ProgramText { name, text: &text, variables: &[] })
        };
        Ok(Self { last: around("reduce")?, each: around("foreach")?, program })
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
}
