//! The stages of a program, with which the one can be found on which it fails: the interpreter's errors have no place.

use jaq_core::load;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::Part;

use crate::program::{Program, ProgramText};

/// What stands between two pipes of a program, outside of all brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The program up to the end of the stage. If it fails on a record and those of the stages before do not, it is
    /// this stage that fails.
    pub until: Program,
}

impl Program {
    /// The stages in their order, of which the last one's program is the whole. One whose place cannot be told from the
    /// syntax counts to the one before it. None if no place can be told at all.
    ///
    /// ```
    /// use annals_jq::{Program, ProgramText};
    ///
    /// let text = ".a as $a\n| .b + $a\n| tostring";
    /// let program = Program::compile(ProgramText { name: "sum.jq", text, variables: &[] })?;
    /// assert_eq!(program.stages().iter().map(|stage| stage.line).collect::<Vec<_>>(), [1, 2, 3]);
    /// # Ok::<(), annals_jq::CompileError>(())
    /// ```
    #[must_use]
    pub fn stages(&self) -> Vec<Stage> {
        let text = self.text();
        let term = load::parse(text, |parser| parser.term());
        let mut starts = Vec::new();
        if let Some(term) = &term {
            collect_starts(term, text, &mut starts);
        }
        let line_of = |start: usize| text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let mut stages: Vec<Stage> = Vec::with_capacity(starts.len());
        let mut first_line = None;
        for (index, start) in starts.iter().enumerate() {
            let until = match starts.get(index + 1) {
                None => Some(self.clone()),
                Some(next) => self.cut_before(*next),
            };
            let line = *first_line.get_or_insert_with(|| line_of(*start));
            if let Some(until) = until {
                stages.push(Stage { line, until });
                first_line = None;
            }
        }
        stages
    }

    /// The program up to the last pipe before a place; `None` if that is within brackets.
    fn cut_before(&self, start: usize) -> Option<Self> {
        let pipe = self.text().get(..start)?.rfind('|')?;
        let text = format!("{} .", self.text().get(..=pipe)?);
        let variables: Vec<&str> = self.variables().iter().map(String::as_str).collect();
        Self::compile(ProgramText { name: self.name(), text: &text, variables: &variables }).ok()
    }
}

/// Where the stages of a term begin in the text.
fn collect_starts(term: &Term<&str>, text: &str, starts: &mut Vec<usize>) {
    match term {
        Term::BinOp(left, BinaryOp::Pipe(_), right) => {
            collect_starts(left, text, starts);
            collect_starts(right, text, starts);
        }
        Term::Def(_, term) => collect_starts(term, text, starts),
        term => {
            let start = first_word(term).and_then(|word| offset_in(text, word));
            starts.extend(start.filter(|start| starts.last().is_none_or(|last| last < start)));
        }
    }
}

fn offset_in(text: &str, word: &str) -> Option<usize> {
    let offset = (word.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (offset + word.len() <= text.len()).then_some(offset)
}

/// The first word of a term; the syntax keeps no place of dots and brackets.
fn first_word<'s>(term: &Term<&'s str>) -> Option<&'s str> {
    match term {
        Term::Id | Term::Recurse | Term::Arr(None) => None,
        Term::Num(word)
        | Term::Break(word)
        | Term::Label(word, _)
        | Term::Call(word, _)
        | Term::Var(word) => Some(word),
        Term::Fold(word, ..) => Some(word),
        Term::Str(Some(format), _) => Some(format),
        Term::Str(None, parts) => parts.iter().find_map(|part| match part {
            StrPart::Str(text) => Some(*text),
            StrPart::Term(term) => first_word(term),
            StrPart::Char(_) => None,
        }),
        Term::Arr(Some(term)) | Term::Neg(term) | Term::TryCatch(term, _) => first_word(term),
        Term::Obj(entries) => entries
            .iter()
            .find_map(|(name, value)| first_word(name).or_else(|| value.as_ref().and_then(first_word))),
        Term::BinOp(left, _, right) => first_word(left).or_else(|| first_word(right)),
        Term::IfThenElse(branches, _) => {
            branches.iter().find_map(|(condition, then)| first_word(condition).or_else(|| first_word(then)))
        }
        Term::Def(definitions, term) => {
            definitions.first().map(|definition| definition.name).or_else(|| first_word(term))
        }
        Term::Path(term, path) => first_word(term).or_else(|| {
            path.0.iter().find_map(|(part, _)| match part {
                Part::Index(index) => first_word(index),
                Part::Range(from, to) => {
                    from.as_ref().and_then(first_word).or_else(|| to.as_ref().and_then(first_word))
                }
            })
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages(text: &str) -> Vec<(usize, String)> {
        let program = Program::compile(ProgramText { name: "test", text, variables: &["line"] }).unwrap();
        program.stages().into_iter().map(|stage| (stage.line, stage.until.text().to_owned())).collect()
    }

    #[test]
    fn lie_between_the_pipes_outside_of_brackets() {
        let text = "def f: .x | .y;\n.event as $e # with | in it\n| .state\n| .a = ($e | .b)\n| [.c[] | f]\n| {d: $line}";
        let found = stages(text);
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
        assert_eq!(found[0].1, "def f: .x | .y;\n.event as $e # with | in it\n| .");
        assert_eq!(found[4].1, text);
    }

    #[test]
    fn of_a_program_without_pipes_are_one() {
        assert_eq!(stages("\n.a + 1"), [(2, "\n.a + 1".to_owned())]);
        assert_eq!(stages("if .a then .b | .c else .d end").len(), 1);
    }

    #[test]
    fn whose_place_is_not_known_count_to_the_one_before() {
        assert_eq!(stages(".").len(), 0);
        let found = stages(".a\n| # a comment | that\n.b\n| .c");
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 4]);
        let found = stages(".a\n| .\n| .b");
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3]);
    }
}
