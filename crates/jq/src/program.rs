//! A program that compiles.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use crate::compile::compile;
use crate::compile_error::{CompileError, Problem};
use crate::demand::Demand;

/// A longer program is refused. It bounds the recursion of the parser, whose depth grows with the text's nesting.
const TEXT_BYTES_MAX: usize = 64 << 10;

/// Stack of the thread that compiles: so much, and more for each byte of text, twice what the deepest nesting takes.
/// Only what is used of it takes memory.
const COMPILER_STACK_BYTES: usize = 1 << 20;
const COMPILER_STACK_BYTES_PER_TEXT_BYTE: usize = 8 << 10;

/// What [`Program::compile`] needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgramText<'a> {
    /// What messages call the program: a file name, or e.g. `mapping of source orders`.
    pub name: &'a str,
    /// The jq program.
    pub text: &'a str,
    /// The names of the variables that each record sets, without the `$`.
    pub variables: &'a [&'a str],
}

/// A jq program that is known to compile. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    inner: Arc<Inner>,
}

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    name: String,
    text: String,
    variables: Vec<String>,
    /// `None` unless it folds.
    states: Option<States>,
}

/// Which states a program that folds gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    /// The state behind the last event.
    Last,
    /// The state behind each event, in order.
    Each,
}

impl Program {
    /// Compiles a program to see that it can be run, on a thread whose stack bears any nesting.
    ///
    /// ```
    /// use annals_jq::{Program, ProgramText};
    ///
    /// let error = Program::compile(ProgramText { name: "late.jq", text: ".at //\n  now", variables: &[] }).unwrap_err();
    /// assert!(error.to_string().starts_with("late.jq:2:3: `now` is not offered"));
    /// ```
    ///
    /// # Errors
    /// [`CompileError`] with the places and reasons: syntax, an undefined name, or something that is not offered.
    pub fn compile(source: ProgramText<'_>) -> Result<Self, CompileError> {
        let program = Self::unchecked(source);
        let refuse = |message| CompileError::whole_text(source.name, message);
        if source.text.len() > TEXT_BYTES_MAX {
            return Err(refuse(format!(
                "the program has {} bytes, more than {TEXT_BYTES_MAX}",
                source.text.len()
            )));
        }
        if let Some(variable) = source.variables.iter().find(|name| !is_identifier(name)) {
            return Err(refuse(format!(
                "`{variable}` cannot be the name of a variable: use letters, digits and `_`"
            )));
        }
        thread::scope(|scope| {
            let stack_bytes = COMPILER_STACK_BYTES + COMPILER_STACK_BYTES_PER_TEXT_BYTE * source.text.len();
            let compiler = thread::Builder::new().name("jq-compiler".to_owned()).stack_size(stack_bytes);
            let outcome = compiler.spawn_scoped(scope, || compile(&program).map(drop));
            match outcome.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(compiled)) => compiled,
                Ok(Err(_panic)) => Err(refuse("the jq compiler failed on this program".to_owned())),
                Err(error) => Err(refuse(format!("cannot start a thread to compile on: {error}"))),
            }
        })?;
        Ok(program)
    }

    /// A program that another process has compiled already.
    pub(crate) fn unchecked(source: ProgramText<'_>) -> Self {
        Self {
            inner: Arc::new(Inner {
                name: source.name.to_owned(),
                text: source.text.to_owned(),
                variables: source.variables.iter().map(|&name| name.to_owned()).collect(),
                states: None,
            }),
        }
    }

    /// The same program, to fold many events in one record, which is `{"state": …, "events": […]}` in this order. It is
    /// run for one event after the other on `{state, event}`, and must give exactly one object, the state for the next.
    /// Variables are not set.
    #[must_use]
    pub fn folding(&self, states: States) -> Self {
        let Inner { name, text, variables, .. } = &*self.inner;
        let (name, text, variables) = (name.clone(), text.clone(), variables.clone());
        Self { inner: Arc::new(Inner { name, text, variables, states: Some(states) }) }
    }

    /// The members of an event that the program may look at when it folds; `None` when it may look at all. What it does
    /// not look at need not be sent: nothing that it gives depends on it.
    #[must_use]
    pub fn event_members(&self) -> Option<BTreeSet<String>> {
        match Demand::of(self) {
            Demand::Everything => None,
            Demand::Members(members) => Some(members.into_keys().collect()),
        }
    }

    /// Which states it gives; `None` unless it folds.
    pub(crate) fn states(&self) -> Option<States> {
        self.inner.states
    }

    /// What messages call the program.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The jq program, as it was given.
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// The names of its variables, without the `$`, in the order in which a record gives their values.
    pub fn variables(&self) -> &[String] {
        &self.inner.variables
    }
}

fn is_identifier(name: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    name.as_bytes().first().is_some_and(|first| is_word(first) && !first.is_ascii_digit())
        && name.as_bytes().iter().all(is_word)
}

impl CompileError {
    fn whole_text(name: &str, message: String) -> Self {
        Self { program: name.to_owned(), problems: vec![Problem { line: 1, column: 1, message }] }
    }
}
