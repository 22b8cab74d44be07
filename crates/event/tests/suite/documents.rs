//! Valid documents with odd spacing, spelling and order.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A value with the spelling of its scalars.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Scalar(String),
    Array(Vec<Node>),
    Object(Vec<(Spelled, Node)>),
}

/// A string: what it means, and its literal.
#[derive(Debug, Clone)]
pub(crate) struct Spelled {
    pub(crate) value: String,
    pub(crate) literal: String,
}

/// How one character is written.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Plain,
    Short,
    LowerHex,
    UpperHex,
}

fn spell(character: char, spelling: Spelling) -> String {
    let hex = |upper: bool| {
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units).iter();
        units.map(|unit| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") }).collect()
    };
    let short = match character {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '/' => Some("\\/"),
        '\u{8}' => Some("\\b"),
        '\u{c}' => Some("\\f"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        _ => None,
    };
    let must_be_escaped = character < ' ' || character == '"' || character == '\\';
    match (spelling, short) {
        (Spelling::Plain, _) if !must_be_escaped => character.to_string(),
        (Spelling::Plain | Spelling::Short, Some(short)) => short.to_owned(),
        (Spelling::UpperHex, _) => hex(true),
        _ => hex(false),
    }
}

/// Any character that the profile allows.
fn character() -> impl Strategy<Value = char> {
    let allowed = |character: &char| {
        let code = u32::from(*character);
        code != 0 && !(0xfdd0..=0xfdef).contains(&code) && code & 0xfffe != 0xfffe
    };
    prop_oneof![
        6 => prop::char::range('a', 'e'),
        3 => select(vec!['"', '\\', '/', '~', '\n', '\t', '\u{1}', '\u{7f}', '0', ' ', 'ä', '\u{308}', '😀', '\u{fffd}']),
        1 => any::<char>(),
    ]
    .prop_filter("a character of the profile", allowed)
}

pub(crate) fn string() -> impl Strategy<Value = Spelled> {
    let spelling = prop_oneof![6 => Just(Spelling::Plain), 1 => Just(Spelling::Short), 1 => Just(Spelling::LowerHex), 1 => Just(Spelling::UpperHex)];
    vec((character(), spelling), 0..6).prop_map(|characters| Spelled {
        value: characters.iter().map(|(character, _)| character).collect(),
        literal: format!(
            "\"{}\"",
            characters.iter().map(|(c, spelling)| spell(*c, *spelling)).collect::<String>()
        ),
    })
}

/// A number literal with up to 40 digits on either side of the point.
pub(crate) fn number() -> impl Strategy<Value = String> {
    "-?(0|[1-9][0-9]{0,39})(\\.[0-9]{1,40})?([eE][+-]?0?[0-9]{1,2})?"
}

fn node() -> impl Strategy<Value = Node> {
    let scalar = prop_oneof![
        select(vec!["true", "false", "null"]).prop_map(str::to_owned),
        number(),
        string().prop_map(|string| string.literal),
    ];
    scalar.prop_map(Node::Scalar).prop_recursive(5, 40, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..5).prop_map(Node::Array), members(inner).prop_map(Node::Object)]
    })
}

/// Members in any order, no name twice.
fn members(value: impl Strategy<Value = Node>) -> impl Strategy<Value = Vec<(Spelled, Node)>> {
    vec((string(), value), 0..6).prop_map(|mut members| {
        let mut names = HashSet::new();
        members.retain(|(name, _)| names.insert(name.value.clone()));
        members
    })
}

/// The text of an object, with space where JSON allows it.
pub(crate) fn document() -> impl Strategy<Value = String> {
    let spaces = vec(select(vec!["", "", "", " ", "\n", "\t", "\r\n", "  \n "]), 1..12);
    (members(node()), spaces).prop_map(|(members, spaces)| {
        let mut spaces = spaces.into_iter().cycle();
        let mut text = String::new();
        write(&mut text, &Node::Object(members), &mut spaces);
        text
    })
}

fn write(text: &mut String, node: &Node, spaces: &mut impl Iterator<Item = &'static str>) {
    text.extend(spaces.next());
    match node {
        Node::Scalar(literal) => text.push_str(literal),
        Node::Array(elements) => {
            text.push('[');
            text.extend(spaces.next());
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                write(text, element, spaces);
            }
            text.push(']');
        }
        Node::Object(members) => {
            text.push('{');
            text.extend(spaces.next());
            for (index, (name, value)) in members.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                text.extend(spaces.next());
                text.push_str(&name.literal);
                text.extend(spaces.next());
                text.push(':');
                write(text, value, spaces);
            }
            text.push('}');
        }
    }
    text.extend(spaces.next());
}
