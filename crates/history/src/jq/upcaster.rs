use annals_jq::{CompileError, Program, ProgramText};

/// Makes of a payload one of the next schema version, when it is read; what is stored stays as it is.
///
/// The jq program gets the payload as `.` and the event as `$event`, and gives exactly one object.
#[derive(Debug, Clone)]
pub struct Upcaster {
    program: Program,
}

impl Upcaster {
    /// Compiles an upcaster; messages call it `name`, such as the name of its file.
    ///
    /// # Errors
    /// [`CompileError`] with places and reasons.
    pub fn compile(name: &str, text: &str) -> Result<Self, CompileError> {
        Ok(Self { program: Program::compile(ProgramText { name, text, variables: &["event"] })? })
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// Whether the program may look at a variable, and so at the event.
    pub(crate) fn has_variables(&self) -> bool {
        self.program.text().contains('$')
    }
}
