use jaq_core::load;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::{Opt, Part};
use jaq_json::Val;

use super::{Path, Pick};
use crate::program::Program;

/// Numbers with more digits may be written otherwise by the interpreter.
const DIGITS_MAX: usize = 15;

impl Pick {
    /// What a program that compiles picks; `None` when it does anything else.
    ///
    /// No names are looked up: a text that defines or imports anything is more than picking.
    pub(crate) fn of(program: &Program) -> Option<Self> {
        let term = load::parse(program.text(), |parser| parser.term())?;
        Syntax { variables: program.variables() }.pick(&term)
    }
}

impl Pick {
    /// Whether what it picks stands somewhere as it is, and need not be put together.
    fn is_found(&self) -> bool {
        match self {
            Self::Path(_) | Self::Variable(_) | Self::Text(_) => true,
            Self::Either(first, second) => first.is_found() && second.is_found(),
            Self::Record { .. } | Self::Digits(_) | Self::Joined { .. } | Self::Object(_) => false,
        }
    }
}

/// Reads terms of a program with these variables.
struct Syntax<'a> {
    variables: &'a [String],
}

impl Syntax<'_> {
    fn pick(&self, term: &Term<&str>) -> Option<Pick> {
        Some(match term {
            Term::Id => Pick::Record { without: Vec::new() },
            Term::Path(root, path) if matches!(**root, Term::Id) => Pick::Path(names(path)?),
            Term::Var(name) => self.variable(name)?,
            Term::Num(digits) => Pick::Digits(whole_number(digits)?),
            Term::Str(None, parts) => self.text(parts)?,
            Term::Obj(entries) => self.object(entries)?,
            Term::Call("del", arguments) => Pick::Record { without: deleted(arguments)? },
            Term::BinOp(first, BinaryOp::Alt, second) => self.either(first, second)?,
            Term::BinOp(parts, BinaryOp::Pipe(None), join) => self.joined(parts, join)?,
            _ => return None,
        })
    }

    /// `$name`; the syntax keeps the `$`.
    fn variable(&self, name: &str) -> Option<Pick> {
        let name = name.strip_prefix('$')?;
        self.variables.iter().position(|known| known == name).map(Pick::Variable)
    }

    fn text(&self, parts: &[StrPart<&str, Term<&str>>]) -> Option<Pick> {
        if let Some(text) = constant(parts) {
            return Some(Pick::Text(text));
        }
        let part = |part: &StrPart<&str, Term<&str>>| match part {
            StrPart::Str(text) => Some(Pick::Text((*text).to_owned())),
            StrPart::Char(character) => Some(Pick::Text(character.to_string())),
            StrPart::Term(term) => self.part_of_text(term),
        };
        Some(Pick::Joined { parts: parts.iter().map(part).collect::<Option<_>>()?, separator: String::new() })
    }

    /// `[.a, .b] | join("-")`.
    fn joined(&self, parts: &Term<&str>, join: &Term<&str>) -> Option<Pick> {
        let Term::Arr(Some(parts)) = parts else { return None };
        let Term::Call("join", arguments) = join else { return None };
        let [separator] = arguments.as_slice() else { return None };
        let parts = listed(parts).into_iter().map(|part| self.part_of_text(part)).collect::<Option<_>>()?;
        Some(Pick::Joined { parts, separator: text_of(separator)? })
    }

    fn part_of_text(&self, term: &Term<&str>) -> Option<Pick> {
        self.pick(term).filter(Pick::is_found)
    }

    /// `.a // .b`, of which the first is null, false or something else.
    fn either(&self, first: &Term<&str>, second: &Term<&str>) -> Option<Pick> {
        let first = self.pick(first).filter(Pick::is_found)?;
        Some(Pick::Either(Box::new(first), Box::new(self.pick(second)?)))
    }

    fn object(&self, entries: &[(Term<&str>, Option<Term<&str>>)]) -> Option<Pick> {
        let mut members: Vec<(String, Pick)> = Vec::with_capacity(entries.len());
        for (name, value) in entries {
            let (name, value) = match (name, value) {
                (Term::Var(name), None) => (name.strip_prefix('$')?.to_owned(), self.variable(name)?),
                (name, None) => {
                    let name = text_of(name)?;
                    (name.clone(), Pick::Path(Path { first: name, rest: Vec::new() }))
                }
                (name, Some(value)) => (text_of(name)?, self.pick(value)?),
            };
            if members.iter().any(|(known, _)| *known == name) {
                return None;
            }
            members.push((name, value));
        }
        Some(Pick::Object(members))
    }
}

/// A path that goes by names only, of which there is at least one.
fn names(path: &jaq_core::path::Path<Term<&str>>) -> Option<Path> {
    let name = |(part, opt): &(Part<Term<&str>>, Opt)| match (part, opt) {
        (Part::Index(name), Opt::Essential) => text_of(name),
        _ => None,
    };
    let mut names = path.0.iter().map(name);
    let first = names.next()??;
    Some(Path { first, rest: names.map(|name| name.map(Val::from)).collect::<Option<_>>()? })
}

/// The members that `del(.a, .b)` names.
fn deleted(arguments: &[Term<&str>]) -> Option<Vec<String>> {
    let [paths] = arguments else { return None };
    let member = |term: &Term<&str>| match term {
        Term::Path(root, path) if matches!(**root, Term::Id) => names(path),
        _ => None,
    };
    let own = |path: Path| path.rest.is_empty().then_some(path.first);
    listed(paths).into_iter().map(|term| member(term).and_then(own)).collect()
}

/// The terms between commas.
fn listed<'t, 's>(term: &'t Term<&'s str>) -> Vec<&'t Term<&'s str>> {
    match term {
        Term::BinOp(first, BinaryOp::Comma, second) => [listed(first), listed(second)].concat(),
        other => vec![other],
    }
}

/// A string in which nothing is put in.
fn text_of(term: &Term<&str>) -> Option<String> {
    match term {
        Term::Str(None, parts) => constant(parts),
        _ => None,
    }
}

fn constant(parts: &[StrPart<&str, Term<&str>>]) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            StrPart::Str(plain) => text.push_str(plain),
            StrPart::Char(character) => text.push(*character),
            StrPart::Term(_) => return None,
        }
    }
    Some(text)
}

fn whole_number(digits: &str) -> Option<String> {
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_canonical = digits == "0" || !digits.starts_with('0');
    (is_whole && is_canonical && (1..=DIGITS_MAX).contains(&digits.len())).then(|| digits.to_owned())
}
