//! What is known at a place in a program.

use std::rc::Rc;

use jaq_core::load::parse::{Def, Pattern, Term};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// `{state, event}`, or one of another state.
    Input,
    /// What a path of names from the event leads to.
    Event(Vec<String>),
    /// Something that holds nothing of the event, or only what is demanded already.
    Other,
}

/// The names that are known at a place: variables with their values, and definitions without arguments.
#[derive(Clone, Default)]
pub(super) struct Scope<'t>(Option<Rc<Entry<'t>>>);

struct Entry<'t> {
    known: Known<'t>,
    outer: Scope<'t>,
}

pub(super) enum Known<'t> {
    Variable(&'t str, Value),
    Definition(&'t Def<&'t str>),
}

impl<'t> Scope<'t> {
    pub(super) fn with(&self, known: Known<'t>) -> Self {
        Self(Some(Rc::new(Entry { known, outer: self.clone() })))
    }

    pub(super) fn variable(&self, name: &str) -> Option<&Value> {
        let entry = self.0.as_ref()?;
        match &entry.known {
            Known::Variable(known, value) if *known == name => Some(value),
            _ => entry.outer.variable(name),
        }
    }

    /// A definition, with the scope in which its body stands.
    pub(super) fn definition(&self, name: &str, arity: usize) -> Option<(&'t Def<&'t str>, Self)> {
        let entry = self.0.as_ref()?;
        match &entry.known {
            Known::Definition(def) if def.name == name && def.args.len() == arity => {
                Some((def, self.clone()))
            }
            _ => entry.outer.definition(name, arity),
        }
    }
}

/// The scope behind a pattern. Of a value that is taken apart all was demanded.
pub(super) fn bind<'t>(pattern: &'t Pattern<&'t str>, value: Value, scope: &Scope<'t>) -> Scope<'t> {
    match pattern {
        Pattern::Var(name) => scope.with(Known::Variable(bare(name), value)),
        Pattern::Arr(patterns) => {
            patterns.iter().fold(scope.clone(), |scope, pattern| bind(pattern, Value::Other, &scope))
        }
        Pattern::Obj(patterns) => patterns.iter().fold(scope.clone(), |scope, (name, pattern)| {
            let scope = match name {
                Term::Var(name) => scope.with(Known::Variable(bare(name), Value::Other)),
                _ => scope,
            };
            bind(pattern, Value::Other, &scope)
        }),
    }
}

/// The syntax keeps the `$` of variables.
pub(super) fn bare(name: &str) -> &str {
    name.strip_prefix('$').unwrap_or(name)
}
