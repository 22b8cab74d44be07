use std::io::{self, Write};

use annals_wire::safe_cell;
use serde::Serialize;
use serde_json::Value;

use super::console::Console;
use super::format::Format;

/// An answer that is one thing rather than rows.
pub(crate) trait Document: Serialize {
    /// The answer as people read it.
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()>;
}

/// Prints a document in the format asked for. As CSV it is one line `name,value` per scalar, where the name is
/// a path of members joined by dots.
pub(crate) fn print_document(document: &impl Document, console: &Console) -> io::Result<()> {
    let mut out = console.out();
    match console.format {
        Format::Table => document.write_text(&mut out, console)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, document)?;
            out.write_all(b"\n")?;
        }
        Format::Jsonl => {
            serde_json::to_writer(&mut out, document)?;
            out.write_all(b"\n")?;
        }
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(["name", "value"])?;
            write_scalars(&mut csv, "", &serde_json::to_value(document)?)?;
            csv.flush()?;
        }
    }
    out.flush()
}

fn write_scalars<W: Write>(csv: &mut csv::Writer<W>, path: &str, value: &Value) -> io::Result<()> {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(members) => {
            members.iter().try_for_each(|(name, value)| write_scalars(csv, &below(name), value))
        }
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| write_scalars(csv, &below(&index.to_string()), value)),
        Value::String(text) => write_scalar(csv, path, text),
        scalar => write_scalar(csv, path, &scalar.to_string()),
    }
}

fn write_scalar<W: Write>(csv: &mut csv::Writer<W>, path: &str, text: &str) -> io::Result<()> {
    csv.write_record([safe_cell(path).as_ref(), safe_cell(text).as_ref()])?;
    Ok(())
}
