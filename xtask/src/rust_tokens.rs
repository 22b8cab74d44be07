//! Rust source cut into words, string literals and marks, so that the checks see code and not what stands in
//! comments or strings. It is no parser: it knows just enough of the grammar not to lose its place.

/// A piece of source, and the line it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// From 1.
    pub(crate) line: usize,
    pub(crate) kind: Kind<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// An identifier, keyword or number.
    Word(&'a str),
    /// What stands between the quotes of a string literal, escapes as they are written.
    Text(&'a str),
    /// Any other character.
    Mark(char),
}

/// All tokens of a source text, in order; comments, character literals and lifetimes are left out.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner { rest: source, line: 1, tokens: Vec::new() };
    while let Some(first) = scanner.rest.chars().next() {
        scanner.step(first);
    }
    scanner.tokens
}

/// The tokens without those of modules marked `#[cfg(test)]`, which the product does not contain.
pub(crate) fn without_test_modules<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    use Kind::{Mark, Word};
    let marker =
        [Mark('#'), Mark('['), Word("cfg"), Mark('('), Word("test"), Mark(')'), Mark(']'), Word("mod")];
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if starts_with(&tokens[at..], &marker) {
            at += block(&tokens[at..]).map_or(marker.len(), |range| range.end);
        } else {
            kept.push(*token);
            at += 1;
        }
    }
    kept
}

/// Whether the tokens begin with these.
pub(crate) fn starts_with(tokens: &[Token<'_>], kinds: &[Kind<'_>]) -> bool {
    tokens.len() >= kinds.len() && tokens.iter().zip(kinds).all(|(token, kind)| token.kind == *kind)
}

/// The first `{…}` of the tokens, braces included; `None` if a `;` comes first, as after `mod name;`.
pub(crate) fn block(tokens: &[Token<'_>]) -> Option<std::ops::Range<usize>> {
    let start = first_outside_brackets(tokens)?;
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(start) {
        match token.kind {
            Kind::Mark('{') => depth += 1,
            Kind::Mark('}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(start..index + 1);
        }
    }
    None
}

/// The index of the first `{`, unless a `;` outside of brackets comes before it (`[u8; 4]` is inside).
fn first_outside_brackets(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_i32;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark('(' | '[') => depth += 1,
            Kind::Mark(')' | ']') => depth -= 1,
            Kind::Mark('{') if depth == 0 => return Some(index),
            Kind::Mark(';') if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<Token<'a>>,
}

impl<'a> Scanner<'a> {
    fn step(&mut self, first: char) {
        if self.rest.starts_with("//") {
            self.skip(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.block_comment();
        } else if first == '"' {
            self.skip(1);
            self.string();
        } else if first == '\'' {
            self.quote();
        } else if first.is_alphanumeric() || first == '_' {
            self.word();
        } else {
            if !first.is_whitespace() {
                self.push(Kind::Mark(first));
            }
            self.skip(first.len_utf8());
        }
    }

    fn push(&mut self, kind: Kind<'a>) {
        self.tokens.push(Token { line: self.line, kind });
    }

    /// Moves on by so many bytes and returns them.
    fn skip(&mut self, bytes: usize) -> &'a str {
        let (passed, rest) = self.rest.split_at(bytes);
        self.line += passed.matches('\n').count();
        self.rest = rest;
        passed
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.rest.get(..2) {
                Some("/*") => depth += 1,
                Some("*/") => depth -= 1,
                _ => {
                    let Some(next) = self.rest.chars().next() else { return };
                    self.skip(next.len_utf8());
                    continue;
                }
            }
            self.skip(2);
            if depth == 0 {
                return;
            }
        }
    }

    /// The rest of a string literal, after its opening quote.
    fn string(&mut self) {
        let mut escaped = false;
        let end = self.rest.find(|next| match (escaped, next) {
            (false, '"') => true,
            (false, '\\') => {
                escaped = true;
                false
            }
            _ => {
                escaped = false;
                false
            }
        });
        self.text(end, 1);
    }

    /// A character literal, or a lifetime, of which the word remains.
    fn quote(&mut self) {
        let mut following = self.rest.chars().skip(1);
        let (first, second) = (following.next(), following.next());
        let bytes = match first {
            // The second character after the backslash cannot end the literal, as in '\''.
            Some('\\') => self.rest.get(3..).and_then(|rest| rest.find('\'')).map_or(1, |end| 3 + end + 1),
            Some(first) if second == Some('\'') => 1 + first.len_utf8() + 1,
            _ => 1,
        };
        self.skip(bytes);
    }

    fn word(&mut self) {
        let end = self.rest.find(|next: char| !next.is_alphanumeric() && next != '_');
        let word = &self.rest[..end.unwrap_or(self.rest.len())];
        let after = &self.rest[word.len()..];
        let hashes = after.len() - after.trim_start_matches('#').len();
        let quoted = after[hashes..].starts_with('"');
        match word {
            "r" | "br" | "cr" if quoted => {
                self.skip(word.len() + hashes + 1);
                let closing = format!("\"{}", "#".repeat(hashes));
                self.text(self.rest.find(&closing), closing.len());
            }
            "b" | "c" if quoted && hashes == 0 => {
                self.skip(word.len());
            }
            _ => {
                self.push(Kind::Word(word));
                self.skip(word.len());
            }
        }
    }

    /// A string's content up to `end`, and its closing mark.
    fn text(&mut self, end: Option<usize>, closing: usize) {
        let content = &self.rest[..end.unwrap_or(self.rest.len())];
        self.push(Kind::Text(content));
        self.skip(end.map_or(self.rest.len(), |end| end + closing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<Kind<'_>> {
        tokens(source).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn leaves_comments_lifetimes_and_characters_out() {
        let found = kinds("a /* b /* c */ d */ 'x' '\\'' '{' &'life e // f\ng");
        let expected = ["a", "life", "e", "g"].map(Kind::Word);
        assert_eq!(
            found.iter().filter(|kind| **kind != Kind::Mark('&')).copied().collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn reads_strings_with_escapes_and_raw_strings() {
        let found = kinds(r###"f("a\"b{", r#"c"d"#, b"e", r"g")"###);
        let texts: Vec<_> = found.iter().filter(|kind| matches!(kind, Kind::Text(_))).collect();
        assert_eq!(texts, [&Kind::Text("a\\\"b{"), &Kind::Text("c\"d"), &Kind::Text("e"), &Kind::Text("g")]);
    }

    #[test]
    fn counts_lines_through_strings_and_comments() {
        let found = tokens("\"a\n\" /*\n*/ b");
        assert_eq!(found.last(), Some(&Token { line: 3, kind: Kind::Word("b") }));
    }

    #[test]
    fn finds_the_block_of_a_function_and_none_of_a_declaration() {
        let source = tokens("fn f(a: [u8; 4]) -> A { { } } rest");
        let range = block(&source).expect("the function has a body");
        assert_eq!(source[range.end].kind, Kind::Word("rest"));
        assert_eq!(block(&tokens("mod a; fn f() {}")), None);
    }

    #[test]
    fn drops_test_modules_and_keeps_what_follows() {
        let source = tokens("a #[cfg(test)] mod tests { b { c } } d #[cfg(test)] mod e; f");
        let kept: Vec<_> = without_test_modules(&source).into_iter().map(|token| token.kind).collect();
        assert!(!kept.contains(&Kind::Word("b")) && !kept.contains(&Kind::Word("c")));
        assert!(kept.contains(&Kind::Word("d")) && kept.contains(&Kind::Word("f")));
    }
}
