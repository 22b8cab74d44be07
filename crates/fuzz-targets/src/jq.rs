//! jq: what programs get is what the record says, and no program's text harms whoever compiles it.

use std::cell::RefCell;
use std::sync::Once;

use annals_event::JsonObject;
use annals_jq::fuzzing::{InProcess, decode_message};
use annals_jq::{Program, ProgramText};

use crate::json_oracle::Json;

/// What hands a record on as it is, and what takes it apart and puts it together again.
const PROGRAMS: [&str; 3] = [".", "del(.a)", ".. |= ."];

thread_local! {
    static RUNNING: RefCell<Vec<InProcess>> = RefCell::new(PROGRAMS.map(program).into());
}

fn program(text: &str) -> InProcess {
    let source = ProgramText { name: "p", text, variables: &[] };
    InProcess::new(&Program::compile(source).expect("it compiles")).expect("it compiles again")
}

/// A record through programs that harm nobody.
pub(crate) fn check_record(input: &[u8]) {
    decode_message(input);
    RUNNING.with_borrow_mut(|programs| {
        let [identity, others @ ..] = programs.as_mut_slice() else { return };
        match identity.run(input) {
            Ok(outputs) => {
                let [output] = outputs.as_slice() else { panic!("one output") };
                let text = std::str::from_utf8(input).expect("JSON is UTF-8");
                assert_eq!(Json::parse(output), Json::parse(text));
                assert_eq!(identity.run(output.as_bytes()).as_ref(), Ok(&outputs));
                assert!(JsonObject::new(text).is_err() || JsonObject::new(output.as_str()).is_ok());
            }
            Err(_) => {
                assert!(
                    std::str::from_utf8(input).ok().and_then(Json::parse).is_none(),
                    "refused although it is JSON"
                );
            }
        }
        for program in others {
            for output in program.run(input).unwrap_or_default() {
                assert!(Json::parse(&output).is_some(), "{output} is no JSON");
            }
        }
    });
}

/// A program's text, which is compiled and not run. Panics of the compiler are caught where it is called.
pub(crate) fn check_program(input: &[u8]) {
    static QUIET: Once = Once::new();
    let Ok(text) = std::str::from_utf8(input) else { return };
    QUIET.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some("jq-compiler") {
                told(panic);
            }
        }));
    });
    if let Err(error) = Program::compile(ProgramText { name: "p", text, variables: &["line"] }) {
        assert!(error.to_string().starts_with("p:"), "{error}");
    }
}
