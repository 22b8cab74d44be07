//! What is wrong with a program's text, and where.

use std::fmt::{self, Display, Formatter};

use jaq_core::compile::{self, Undefined};
use jaq_core::load;

use crate::vocabulary::not_offered;

/// A program's text cannot be run. Displayed as one line `name:line:column: message` for each problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// The program's name.
    pub program: String,
    /// What is wrong, in the order of the text; never empty.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong with a program's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl Display for CompileError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, Problem { line, column, message }) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{}:{line}:{column}: {message}", self.program)?;
        }
        Ok(())
    }
}

impl std::error::Error for CompileError {}

impl CompileError {
    fn new(program: &str, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| (problem.line, problem.column));
        Self { program: program.to_owned(), problems }
    }

    /// Errors of reading: characters, grammar, imports.
    pub(crate) fn from_load(program: &str, errors: load::Errors<&str, ()>) -> Self {
        let problems = errors.into_iter().flat_map(|(file, error)| match error {
            load::Error::Io(errors) => errors.into_iter().map(|(path, _)| import(file.code, path)).collect(),
            load::Error::Lex(errors) => errors.into_iter().map(|error| character(file.code, error)).collect(),
            load::Error::Parse(errors) => {
                errors.into_iter().map(|error| token(file.code, error)).collect::<Vec<_>>()
            }
        });
        Self::new(program, problems.collect())
    }

    /// Errors of meaning: undefined names.
    pub(crate) fn from_compile(program: &str, errors: compile::Errors<&str, ()>) -> Self {
        let problems = errors.into_iter().flat_map(|(file, errors)| {
            errors.into_iter().map(move |(name, undefined)| undefined_name(file.code, name, &undefined))
        });
        Self::new(program, problems.collect())
    }
}

fn import(code: &str, path: &str) -> Problem {
    problem(
        code,
        path,
        format!("the module \"{path}\" cannot be imported: a program is one text, without modules"),
    )
}

fn character(code: &str, (expected, found): load::lex::Error<&str>) -> Problem {
    let message = match (&expected, found.chars().next()) {
        (load::lex::Expect::Delim(open), _) => {
            let Problem { line, column, .. } = problem(code, open, String::new());
            format!("`{}` of {line}:{column} is not closed", open.chars().next().unwrap_or_default())
        }
        (expected, None) => format!("expected {}, found the end of the program", expected.as_str()),
        (expected, Some(found)) => format!("expected {}, found `{found}`", expected.as_str()),
    };
    problem(code, found, message)
}

fn token(code: &str, (expected, found): load::parse::Error<&str>) -> Problem {
    let expected = expected.as_str();
    let message = if found.is_empty() {
        format!("expected {expected}, found the end of the program")
    } else {
        format!("expected {expected}, found `{}`", excerpt(found))
    };
    problem(code, found, message)
}

fn undefined_name(code: &str, name: &str, undefined: &Undefined) -> Problem {
    let message = match (not_offered(name), undefined) {
        (Some(reason), _) => format!("`{name}` is not offered: {reason}"),
        (None, Undefined::Filter(arity)) => format!("the filter `{name}/{arity}` is not defined"),
        (None, undefined) => format!("the {} `{name}` is not defined", undefined.as_str()),
    };
    problem(code, name, message)
}

/// The beginning of a token that may be a whole bracketed block.
fn excerpt(found: &str) -> &str {
    let line = found.lines().next().unwrap_or_default();
    line.char_indices().nth(30).map_or(line, |(end, _)| &line[..end])
}

/// `part` is a slice of `code`, from which its place follows; a foreign one counts as the beginning.
fn problem(code: &str, part: &str, message: String) -> Problem {
    let offset = (part.as_ptr() as usize).checked_sub(code.as_ptr() as usize);
    let before = offset.and_then(|offset| code.get(..offset)).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    Problem { line: before.matches('\n').count() + 1, column, message }
}
