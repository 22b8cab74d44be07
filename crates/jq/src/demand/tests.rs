use super::*;
use crate::compile::compile;
use crate::evaluate::Evaluator;
use crate::program::{Program, ProgramText, States};

/// Programs, and what each demands of the event; `*` is everything.
const PROGRAMS: [(&str, &str); 44] = [
    (".state", ""),
    (".state | .n += 1", ""),
    (".", "*"),
    (".event", "*"),
    (".event | keys", "*"),
    (".state + .event.payload", "payload.*"),
    (".state + {total: .event.payload.total}", "payload.total.*"),
    (".event.payload as $p | .state | .a = $p.a | .b = $p.c.d", "payload.a.* payload.c.d.*"),
    (".event as $e | .state | .type = $e.eventType | .x = ($e.payload.x // 0)", "eventType.* payload.x.*"),
    (".event as {payload: $p} | .state + $p", "*"),
    (".event.payload as {a: $a, $c} | .state | .a = [$a, $c]", "payload.*"),
    (".state.a = .event.payload.a | .state", "payload.a.*"),
    (".state.a = .event.payload.a | .state.b |= 1 | .state", "payload.a.*"),
    (".event.payload.a = 1 | .state", "*"),
    (".state.a = 1", "*"),
    ("if .event.eventType == \"A\" then .state + {a: 1} else .state end", "eventType.*"),
    ("if .event.payload.c.d then .state end | .state? // {}", "*"),
    (
        "if .event.payload.a > 1 then .state | .big = true elif .event.version > 1 then .state else .state | .b = 2 end",
        "payload.a.* version.*",
    ),
    ("{events: ((.state.events // 0) + 1), last: .event.timestamp}", "timestamp.*"),
    ("{event} | {e: .event.payload.a}", "*"),
    ("reduce .event.payload.items[] as $i (.state; .sum += $i.n)", "payload.items.*"),
    ("reduce (1, 2) as $i (.state; .sum += $i) | .n = 1", ""),
    (".event.payload.items[1].n as $n | .state | .n = $n", "payload.items.*"),
    (".event.payload[\"a\"] as $a | .state | .a = $a", "payload.a.*"),
    (".event[\"payload\"].c[\"d\"] as $a | .state | .a = $a", "payload.c.d.*"),
    (".event.payload[(\"a\", \"b\")] as $a | .state", "payload.*"),
    (".state[.event.payload.c.d] = .event.version | .state", "payload.c.d.* version.*"),
    (".event.payload.c.d as $k | .state | .[$k] = 1", "payload.c.d.*"),
    (".state | .text = \"none\"", ""),
    (".event.payload as $p | .state | .text = \"\\($p.a)-\\($p.c.d)\"", "payload.a.* payload.c.d.*"),
    ("def p: .event.payload; p.a as $a | .state | .a = $a", "payload.a.*"),
    ("def f(g): g | g; f(.)", "*"),
    ("def r: r; if .event.version > 0 then .state else r end", "*"),
    (".event.payload | select(.a) | .c | {d}", "payload.a.* payload.c.d.*"),
    (".event.payload.items | map(.n) | {n: add}", "payload.items.*"),
    ("try error(.event.payload.a) catch {a: .}", "payload.a.*"),
    (".event.payload.a.b as $x | .state", "payload.a.b"),
    ("try (.event.payload.a.b as $x | .state) catch {caught: .}", "payload.a.b"),
    ("(.event.payload.a.b? // 3) as $x | .state | .x = $x", "payload.a.b.*"),
    (".event.payload.c as $c | .state | .same = ($c == {d: \"k\"})", "payload.c.*"),
    (".event.payload.c | {d, e: 1}", "payload.c.d.*"),
    (".event.payload.c as $c | {$c}", "payload.c.*"),
    ("label $l | .event.payload.a as $a | .state | (.a = $a, break $l)", "payload.a.*"),
    (".state | [limit(1; .a)] as $x | .x = $x | ..  |= .", ""),
];

const EVENTS: [&str; 6] = [
    r#"{"eventType":"A","version":1,"timestamp":"t","payload":{"a":1,"b":[1],"c":{"d":"k","e":2},"items":[{"n":1},{"n":2}],"total":1.10,"x":null}}"#,
    r#"{"eventType":"B","version":2,"timestamp":"t","payload":{"a":{"b":5},"c":{"d":"m"},"items":[{"n":3},{"n":4}]}}"#,
    r#"{"eventType":"B","version":3,"payload":{"a":"text","c":[],"items":"none"}}"#,
    r#"{"eventType":"B","version":4,"payload":[1]}"#,
    r#"{"eventType":"B","version":5,"payload":"text"}"#,
    r#"{"eventType":"B","version":6,"erased":{"payload":"00"}}"#,
];

fn program(text: &str) -> Program {
    Program::unchecked(ProgramText { name: "test", text, variables: &[] })
}

fn shown(demand: &Demand) -> String {
    fn walk(demand: &Demand, path: &str, shown: &mut Vec<String>) {
        let dot = if path.is_empty() { "" } else { "." };
        match demand {
            Demand::Everything => shown.push(format!("{path}{dot}*")),
            Demand::Members(members) if members.is_empty() => shown.push(path.to_owned()),
            Demand::Members(members) => {
                members.iter().for_each(|(name, demand)| walk(demand, &format!("{path}{dot}{name}"), shown));
            }
        }
    }
    let mut all = Vec::new();
    walk(demand, "", &mut all);
    all.join(" ")
}

#[test]
fn demands_what_a_program_may_see_and_no_more() {
    for (text, expected) in PROGRAMS {
        assert_eq!(shown(&Demand::of(&program(text))), expected, "{text}");
    }
}

#[test]
fn gives_the_states_that_the_interpreter_gives_of_whole_events() {
    for (text, _) in PROGRAMS {
        let program = program(text);
        let filter = compile(&program).unwrap_or_else(|error| panic!("{text}: {error}"));
        let folding = program.folding(States::Each);
        let mut plain = Evaluator::new(&filter, &program, 1 << 20);
        let mut folder = Evaluator::new(&filter, &folding, 1 << 20);
        for state in ["{}", r#"{"a":1,"sum":5}"#] {
            for event in EVENTS {
                let alone = format!(r#"{{"state":{state},"event":{event}}}"#);
                let folded = format!(r#"{{"state":{state},"events":[{event}]}}"#);
                let texts = |evaluated: Result<&crate::evaluate::Outputs, _>| {
                    evaluated.map(|outputs| (outputs.texts.clone(), outputs.ends.len()))
                };
                let expected = texts(plain.evaluate(alone.as_bytes(), &[]));
                let answer = texts(folder.evaluate(folded.as_bytes(), &[]));
                match expected {
                    Ok((state, 1)) if state.starts_with(b"{") => {
                        assert_eq!(answer, Ok((state, 1)), "{text} {event}")
                    }
                    _ => assert!(answer.is_err(), "{text} {event}: {answer:?} instead of {expected:?}"),
                }
            }
        }
    }
}

#[test]
fn hands_each_state_to_the_next_event() {
    let program = program(".event.payload.n as $n | .state | .sum += $n");
    let filter = compile(&program).unwrap();
    let input =
        br#"{"state":{"sum":1.50},"events":[{"payload":{"n":1}},{"payload":{"n":2}},{"payload":{"n":3}}]}"#;
    for (states, expected) in
        [(States::Each, r#"{"sum":2.5}{"sum":4.5}{"sum":7.5}"#), (States::Last, r#"{"sum":7.5}"#)]
    {
        let folding = program.folding(states);
        let mut evaluator = Evaluator::new(&filter, &folding, 1 << 20);
        let outputs = evaluator.evaluate(input, &[]).unwrap();
        assert_eq!(String::from_utf8_lossy(&outputs.texts), expected);
    }
}

#[test]
fn refuses_texts_that_hold_no_events() {
    let program = program(".state");
    let filter = compile(&program).unwrap();
    let folding = program.folding(States::Last);
    for text in ["", "{", "[]x", r#"{"events":1}"#, r#"{"state":{},"events":[{]}"#, r#"{"other":1}"#] {
        let mut evaluator = Evaluator::new(&filter, &folding, 1 << 20);
        assert!(evaluator.evaluate(text.as_bytes(), &[]).is_err(), "{text}");
    }
}
