//! What a program may call: the standard library of jaq, less what looks beyond the record.

use std::cell::RefCell;

use jaq_core::load::parse::Def;
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::{DataT, Error, Lut, data};
use jaq_json::Val;

use crate::deletion;

/// What is not offered, and what a program's author should know about it.
const NOT_OFFERED: [(&str, &str); 17] = [
    ("env", ENVIRONMENT),
    ("$ENV", ENVIRONMENT),
    ("now", "the outcome must not depend on the clock"),
    ("input", ONE_RECORD),
    ("inputs", ONE_RECORD),
    ("input_filename", ONE_RECORD),
    ("input_line_number", ONE_RECORD),
    ("halt", REFUSE),
    ("halt_error", REFUSE),
    ("localtime", TIME_ZONE),
    ("strflocaltime", TIME_ZONE),
    ("debug", NO_CHANNEL),
    ("debug_empty", NO_CHANNEL),
    ("stderr", NO_CHANNEL),
    ("stderr_empty", NO_CHANNEL),
    ("get_search_list", "a program is one text, without modules"),
    ("modulemeta", "a program is one text, without modules"),
];

const ENVIRONMENT: &str = "the outcome must not depend on the environment of the process";
const ONE_RECORD: &str = "a program sees one record at a time, as `.`";
const REFUSE: &str = "a program cannot end its worker; refuse a record with `error(\"…\")`";
const TIME_ZONE: &str =
    "the outcome must not depend on the machine's time zone; use `gmtime` or `strftime`, in UTC";
const NO_CHANNEL: &str = "a program has no channel but its outputs";

/// jaq's definitions that this crate replaces: jaq's own lose the order of an object's members.
const REPLACED_DEFINITIONS: [&str; 2] = ["del", "delpaths"];

/// jaq's native filter behind `error`, replaced by one that also notes what was raised.
const RAISE: &str = "error_empty";

/// The kinds of data that filters work on.
pub(crate) struct Kind;

/// What native filters reach while a record is evaluated.
pub(crate) struct Data<'a> {
    lut: &'a Lut<Kind>,
    /// What `error` raised last: it tells the program's own refusals from errors of the interpreter.
    pub(crate) raised: RefCell<Option<Val>>,
}

impl<'a> Data<'a> {
    pub(crate) fn new(lut: &'a Lut<Kind>) -> Self {
        Self { lut, raised: RefCell::new(None) }
    }
}

impl DataT for Kind {
    type V<'a> = Val;
    type Data<'a> = &'a Data<'a>;
}

impl<'a> data::HasLut<'a, Kind> for &'a Data<'a> {
    fn lut(&self) -> &'a Lut<Kind> {
        self.lut
    }
}

/// Why a name is not offered, if it is one of those.
pub(crate) fn not_offered(name: &str) -> Option<&'static str> {
    NOT_OFFERED.iter().find(|(refused, _)| *refused == name).map(|(_, reason)| *reason)
}

/// The filters that are defined in jq.
pub(crate) fn definitions() -> impl Iterator<Item = Def<&'static str>> {
    let jaq = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let offered =
        jaq.filter(|def| not_offered(def.name).is_none() && !REPLACED_DEFINITIONS.contains(&def.name));
    offered.chain(deletion::definitions())
}

/// The filters that are written in Rust.
pub(crate) fn natives() -> impl Iterator<Item = Fun<Kind>> {
    let jaq = jaq_core::funs::<Kind>().chain(jaq_std::funs()).chain(jaq_json::funs());
    let offered = jaq.filter(|(name, ..)| not_offered(name).is_none() && *name != RAISE);
    offered.chain([raise(), deletion::delpaths()])
}

fn raise() -> Fun<Kind> {
    run((RAISE, v(0), |(ctx, value)| {
        ctx.data().raised.replace(Some(value.clone()));
        bome(Err(Error::new(value)))
    }))
}
