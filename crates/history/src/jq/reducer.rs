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
}

impl JqReducer {
    /// Compiles a reducer; messages call it `name`, such as the name of its file.
    ///
    /// # Errors
    /// [`CompileError`] with places and reasons.
    pub fn compile(name: &str, text: &str) -> Result<Self, CompileError> {
        let program = Program::compile(ProgramText { name, text, variables: &[] })?;
        Ok(Self { last: program.folding(States::Last), each: program.folding(States::Each), program })
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
