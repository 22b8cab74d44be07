use csv_core::{ReadRecordResult, Reader};

/// What is known of a row after one more of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// The row ends with this line.
    Complete,
    /// A quote is open, so the row goes on in the next line.
    QuoteOpen,
    /// A carriage return without a line feed stands outside quotes.
    BareReturn,
}

/// Splits rows into fields, line by line.
#[derive(Debug)]
pub(super) struct RowParser {
    core: Reader,
    /// The values of the fields, one behind the other, and room for more.
    values: Vec<u8>,
    values_length: usize,
    /// Where each field ends in `values`, and room for more.
    ends: Vec<usize>,
    fields_count: usize,
}

impl RowParser {
    pub(super) fn new() -> Self {
        // The default of `Reader` does not understand quotes; its `new` does.
        Self { core: Reader::new(), values: Vec::new(), values_length: 0, ends: Vec::new(), fields_count: 0 }
    }

    /// Begins a new row.
    pub(super) fn start(&mut self) {
        self.core.reset();
        (self.values_length, self.fields_count) = (0, 0);
    }

    /// Takes one more line of the row, with its end.
    pub(super) fn feed(&mut self, line: &[u8]) -> Progress {
        let with_end;
        let mut rest = line;
        if !line.ends_with(b"\n") {
            with_end = [line, b"\n"].concat();
            rest = &with_end;
        }
        loop {
            // The fields are not longer than what is read, and all but one have a comma.
            let commas = rest.iter().filter(|&&byte| byte == b',').count();
            self.values.resize(self.values.len().max(self.values_length + rest.len() + 1), 0);
            self.ends.resize(self.ends.len().max(self.fields_count + commas + 2), 0);
            let values = self.values.get_mut(self.values_length..).unwrap_or_default();
            let ends = self.ends.get_mut(self.fields_count..).unwrap_or_default();
            let (result, read, written, ended) = self.core.read_record(rest, values, ends);
            self.values_length += written;
            self.fields_count += ended;
            rest = rest.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::Record if matches!(rest, b"" | b"\n") => return Progress::Complete,
                ReadRecordResult::Record => return Progress::BareReturn,
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull if !rest.is_empty() => {}
                _ => return Progress::QuoteOpen,
            }
        }
    }

    /// The fields of the row so far, as they are without quotes.
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.get(..self.fields_count).unwrap_or_default();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(|(start, &end)| self.values.get(start..end).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(parser: &RowParser) -> Vec<String> {
        parser.fields().map(|field| String::from_utf8(field.to_vec()).unwrap()).collect()
    }

    #[test]
    fn a_quoted_field_keeps_commas_quotes_and_ends_of_lines() {
        let mut parser = RowParser::new();
        parser.start();
        assert_eq!(parser.feed(b"a,\"b,\"\"c\"\"\r\n"), Progress::QuoteOpen);
        assert_eq!(parser.feed(b"d\",\r\n"), Progress::Complete);
        assert_eq!(fields(&parser), ["a", "b,\"c\"\r\nd", ""]);
        parser.start();
        assert_eq!(parser.feed(b"x"), Progress::Complete);
        assert_eq!(fields(&parser), ["x"]);
    }

    #[test]
    fn a_bare_carriage_return_is_noticed_outside_quotes_only() {
        let mut parser = RowParser::new();
        parser.start();
        assert_eq!(parser.feed(b"a\rb\n"), Progress::BareReturn);
        parser.start();
        assert_eq!(parser.feed(b"\"a\rb\"\n"), Progress::Complete);
    }
}
