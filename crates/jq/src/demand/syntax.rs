use jaq_core::load;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::{Part, Path};

use super::Demand;
use super::scope::{Known, Scope, Value, bare, bind};
use crate::program::Program;

/// Definitions that go through each other more often are not followed.
const CALLS_MAX: usize = 32;

impl Demand {
    /// What a program that gets `{state, event}` demands of the event.
    pub(crate) fn of(program: &Program) -> Self {
        let Some(term) = load::parse(program.text(), |parser| parser.term()) else { return Self::Everything };
        let mut reader = Reader { demand: Self::nothing(), calls: 0 };
        let output = reader.value(&term, &Value::Input, &Scope::default());
        reader.consume(output);
        reader.demand
    }
}

/// Goes through a program as it would run, without values.
struct Reader {
    demand: Demand,
    calls: usize,
}

impl Reader {
    /// A value goes somewhere where all of it may be seen.
    fn consume(&mut self, value: Value) -> Value {
        match value {
            Value::Input => self.demand = Demand::Everything,
            Value::Event(path) => *self.demand.at(&path) = Demand::Everything,
            Value::Other => {}
        }
        Value::Other
    }

    fn give_up(&mut self) -> Value {
        self.consume(Value::Input)
    }

    /// The member `name` of a value.
    fn member(&mut self, value: Value, name: String) -> Value {
        match value {
            Value::Input if name == "event" => Value::Event(Vec::new()),
            Value::Input | Value::Other => Value::Other,
            Value::Event(mut path) => {
                path.push(name);
                self.demand.at(&path);
                Value::Event(path)
            }
        }
    }

    /// One of two values.
    fn either(&mut self, one: Value, other: Value) -> Value {
        if one == other {
            return one;
        }
        self.consume(one);
        self.consume(other)
    }

    /// What a term gives where `.` is `input`.
    fn value<'t>(&mut self, term: &'t Term<&'t str>, input: &Value, scope: &Scope<'t>) -> Value {
        match term {
            Term::Id => input.clone(),
            Term::Recurse => self.consume(input.clone()),
            Term::Num(_) | Term::Arr(None) | Term::Break(_) => Value::Other,
            Term::Str(_, parts) => {
                for part in parts {
                    if let StrPart::Term(term) = part {
                        self.consumed(term, input, scope);
                    }
                }
                Value::Other
            }
            Term::Arr(Some(term)) | Term::Neg(term) => self.consumed(term, input, scope),
            Term::Obj(entries) => self.object(entries, input, scope),
            Term::BinOp(left, op, right) => self.operation(left, op, right, input, scope),
            Term::Label(_, term) => self.value(term, input, scope),
            Term::Fold(_, source, pattern, terms) => {
                self.consumed(source, input, scope);
                let inner = bind(pattern, Value::Other, scope);
                let (first, rest) = (terms.first(), terms.get(1..).unwrap_or_default());
                first.into_iter().for_each(|term| drop(self.consumed(term, input, scope)));
                rest.iter().for_each(|term| drop(self.consumed(term, &Value::Other, &inner)));
                Value::Other
            }
            Term::TryCatch(term, None) => self.value(term, input, scope),
            Term::TryCatch(term, Some(catch)) => {
                let tried = self.value(term, input, scope);
                let caught = self.value(catch, &Value::Other, scope);
                self.either(tried, caught)
            }
            Term::IfThenElse(branches, otherwise) => {
                let mut result = match otherwise {
                    Some(term) => self.value(term, input, scope),
                    None => input.clone(),
                };
                for (condition, then) in branches {
                    self.consumed(condition, input, scope);
                    let then = self.value(then, input, scope);
                    result = self.either(result, then);
                }
                result
            }
            Term::Def(definitions, term) => {
                let with = |scope: Scope<'t>, def| scope.with(Known::Definition(def));
                self.value(term, input, &definitions.iter().fold(scope.clone(), with))
            }
            Term::Call(name, arguments) => self.call(name, arguments, input, scope),
            Term::Var(name) => scope.variable(bare(name)).cloned().unwrap_or(Value::Other),
            Term::Path(term, path) => self.path(term, path, input, scope),
        }
    }

    fn consumed<'t>(&mut self, term: &'t Term<&'t str>, input: &Value, scope: &Scope<'t>) -> Value {
        let value = self.value(term, input, scope);
        self.consume(value)
    }

    fn object<'t>(
        &mut self,
        entries: &'t [(Term<&'t str>, Option<Term<&'t str>>)],
        input: &Value,
        scope: &Scope<'t>,
    ) -> Value {
        for (name, value) in entries {
            match (value, name_of(name), name) {
                (None, Some(name), _) => {
                    let member = self.member(input.clone(), name);
                    self.consume(member);
                }
                (None, None, Term::Var(_)) => drop(self.consumed(name, input, scope)),
                (None, None, _) => drop(self.give_up()),
                (Some(value), ..) => {
                    self.consumed(name, input, scope);
                    self.consumed(value, input, scope);
                }
            }
        }
        Value::Other
    }

    fn operation<'t>(
        &mut self,
        left: &'t Term<&'t str>,
        op: &'t BinaryOp<&'t str>,
        right: &'t Term<&'t str>,
        input: &Value,
        scope: &Scope<'t>,
    ) -> Value {
        match op {
            BinaryOp::Pipe(None) => {
                let left = self.value(left, input, scope);
                self.value(right, &left, scope)
            }
            BinaryOp::Pipe(Some(pattern)) => {
                let mut bound = self.value(left, input, scope);
                if !matches!(pattern, Pattern::Var(_)) {
                    bound = self.consume(bound);
                    self.names_in(pattern);
                }
                self.value(right, input, &bind(pattern, bound, scope))
            }
            BinaryOp::Comma | BinaryOp::Alt => {
                let left = self.value(left, input, scope);
                let right = self.value(right, input, scope);
                self.either(left, right)
            }
            BinaryOp::Or | BinaryOp::And | BinaryOp::Math(_) | BinaryOp::Cmp(_) => {
                self.consumed(left, input, scope);
                self.consumed(right, input, scope)
            }
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => {
                self.update(left, op, right, input, scope)
            }
        }
    }

    fn update<'t>(
        &mut self,
        left: &'t Term<&'t str>,
        op: &'t BinaryOp<&'t str>,
        right: &'t Term<&'t str>,
        input: &Value,
        scope: &Scope<'t>,
    ) -> Value {
        // `.state.a = …`: the event stays as it is.
        let keeps_the_event = *input == Value::Input && begins_with_state(left);
        if !keeps_the_event {
            self.consume(input.clone());
        }
        self.consumed(left, input, scope);
        let updated = if let BinaryOp::Update = op { &Value::Other } else { input };
        self.consumed(right, updated, scope);
        if keeps_the_event { Value::Input } else { Value::Other }
    }

    fn call<'t>(
        &mut self,
        name: &'t str,
        arguments: &'t [Term<&'t str>],
        input: &Value,
        scope: &Scope<'t>,
    ) -> Value {
        if let Some((definition, inner)) = scope.definition(name, arguments.len()) {
            self.calls += 1;
            if self.calls > CALLS_MAX || !arguments.is_empty() {
                return self.give_up();
            }
            return self.value(&definition.body, input, &inner);
        }
        match (name, arguments) {
            ("empty" | "true" | "false" | "null", []) => Value::Other,
            ("error", [message]) => self.consumed(message, input, scope),
            ("select", [condition]) => {
                self.consumed(condition, input, scope);
                input.clone()
            }
            _ => {
                self.consume(input.clone());
                arguments.iter().for_each(|term| drop(self.consumed(term, &Value::Other, scope)));
                Value::Other
            }
        }
    }

    fn path<'t>(
        &mut self,
        term: &'t Term<&'t str>,
        path: &'t Path<Term<&'t str>>,
        input: &Value,
        scope: &Scope<'t>,
    ) -> Value {
        let mut value = self.value(term, input, scope);
        for (part, _) in &path.0 {
            let bounds = match part {
                Part::Index(index) => match name_of(index) {
                    Some(name) => {
                        value = self.member(value, name);
                        continue;
                    }
                    None => [Some(index), None],
                },
                Part::Range(from, to) => [from.as_ref(), to.as_ref()],
            };
            bounds.into_iter().flatten().for_each(|term| drop(self.consumed(term, input, scope)));
            value = self.consume(value);
        }
        value
    }

    /// Patterns with terms in them, which are seldom, are not followed.
    fn names_in(&mut self, pattern: &Pattern<&str>) {
        match pattern {
            Pattern::Var(_) => {}
            Pattern::Arr(patterns) => patterns.iter().for_each(|pattern| self.names_in(pattern)),
            Pattern::Obj(patterns) => {
                for (name, pattern) in patterns {
                    if name_of(name).is_none() && !matches!(name, Term::Var(_)) {
                        self.give_up();
                    }
                    self.names_in(pattern);
                }
            }
        }
    }
}

/// Whether a term is a path by names that goes into the state.
fn begins_with_state(term: &Term<&str>) -> bool {
    let Term::Path(root, path) = term else { return false };
    let first = path.0.first().map(|(part, _)| part);
    let is_state = matches!(first, Some(Part::Index(index)) if name_of(index).as_deref() == Some("state"));
    matches!(**root, Term::Id) && is_state
}

/// The text of a string in which nothing is put in.
fn name_of(term: &Term<&str>) -> Option<String> {
    let Term::Str(None, parts) = term else { return None };
    let mut name = String::new();
    for part in parts {
        match part {
            StrPart::Str(plain) => name.push_str(plain),
            StrPart::Char(character) => name.push(*character),
            StrPart::Term(_) => return None,
        }
    }
    Some(name)
}
