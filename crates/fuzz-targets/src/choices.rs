//! Decisions taken from a fuzzer's bytes, one after the other; when they are used up, each is the first.

/// The bytes that have not decided anything yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// Whether the next byte is odd.
    pub(crate) fn coin(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    /// One of `options`.
    pub(crate) fn one_of<T>(&mut self, options: &'a [T]) -> &'a T {
        &options[usize::from(self.byte()) % options.len()]
    }

    pub(crate) fn number(&mut self) -> u64 {
        let mut bytes = [0; 8];
        bytes.fill_with(|| self.byte());
        u64::from_be_bytes(bytes)
    }

    /// Up to `length` of the next bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// Whatever is left.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Both sides of the first `separator` in an input; nothing on the right when there is none.
pub(crate) fn split_at_byte(input: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == separator) {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, &[]),
    }
}
