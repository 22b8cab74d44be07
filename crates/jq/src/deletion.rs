//! `del` and `delpaths`, keeping the order of what remains.
//!
//! jaq deletes a member of an object by putting the last member in its place. A mapping that drops one field of its
//! payload should not shuffle the others, so these two filters are replaced. Like jq's, they delete several paths
//! from the last to the first, so that one deletion does not move what the next one means.

use jaq_core::load::{self, parse::Def};
use jaq_core::native::{Fun, run, v};
use jaq_core::{Exn, ValR, ValT, box_iter, path};
use jaq_json::{Error, Rc, Val};
use jaq_std::ValT as _;

use crate::vocabulary::Kind;

const DEFINITIONS: &str = "def del(f): delpaths([path(f)]);";

pub(crate) fn definitions() -> impl Iterator<Item = Def<&'static str>> {
    load::parse(DEFINITIONS, |parser| parser.defs()).unwrap_or_default().into_iter()
}

pub(crate) fn delpaths() -> Fun<Kind> {
    run(("delpaths", v(1), |(mut ctx, value)| {
        let paths = ctx.pop_var();
        box_iter::box_once(delete_all(value, paths).map_err(Exn::from))
    }))
}

fn delete_all(value: Val, paths: Val) -> ValR<Val> {
    let mut paths = elements(paths)?.into_iter().map(elements).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    paths.iter().rev().try_fold(value, |value, path| delete(value, path))
}

fn elements(array: Val) -> Result<Vec<Val>, Error> {
    array.into_seq().map_err(|other| Error::typ(other, "array"))
}

fn delete(value: Val, path: &[Val]) -> ValR<Val> {
    let Some((key, rest)) = path.split_first() else { return Ok(Val::Null) };
    match value {
        Val::Null => Ok(Val::Null),
        Val::Obj(mut members) if members.contains_key(key) => {
            if rest.is_empty() {
                Rc::make_mut(&mut members).shift_remove(key);
            } else if let Some(member) = Rc::make_mut(&mut members).get_mut(key) {
                *member = delete(std::mem::take(member), rest)?;
            }
            Ok(Val::Obj(members))
        }
        Val::Obj(_) if key.is_utf8_str() => Ok(value),
        Val::Arr(ref items) if key.as_isize().is_some_and(|index| is_outside(index, items.len())) => {
            Ok(value)
        }
        other => delete_in_array(other, key, rest),
    }
}

/// Elements and slices; of anything else than an array jaq says what is wrong.
fn delete_in_array(value: Val, key: &Val, rest: &[Val]) -> ValR<Val> {
    let update =
        |element: Val| (!rest.is_empty()).then(|| delete(element, rest).map_err(Exn::from)).into_iter();
    let updated = value.map_index(key, path::Opt::Essential, update);
    let no_error = |_| Error::str("the path cannot be deleted");
    updated.map_err(|exception| exception.get_err().unwrap_or_else(no_error))
}

fn is_outside(index: isize, len: usize) -> bool {
    if index < 0 { index.unsigned_abs() > len } else { index.unsigned_abs() >= len }
}
