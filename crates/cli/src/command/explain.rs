use annals::JsonForm;
use annals_wire::{ErrorPage, PAGES};
use clap::Args;

use crate::failure::Failure;
use crate::output::{Cell, Console, Format, Heading, Row, RowWriter};
use crate::shell::Shell;

/// Explain an error: what happened, what Annals did, what to do
///
/// Without a code, lists all. As JSON, an error has the members code, title and page (Markdown).
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code in the brackets of the message, as in error[no-store]
    code: Option<String>,
}

/// Prints one page, or the list of all.
pub(crate) fn run(args: &ExplainArgs, shell: &Shell) -> Result<(), Failure> {
    let console = &shell.console;
    let pages = match &args.code {
        Some(code) => {
            let page = ErrorPage::of(code).ok_or_else(|| Failure::UnknownCode(code.clone()))?;
            // The page is written for people; other forms are for those who ask for them.
            if shell.config.output.format.is_none_or(|format| format == Format::Table) {
                return Ok(console.print(page.text)?);
            }
            std::slice::from_ref(page)
        }
        None => PAGES,
    };
    let mut rows = RowWriter::new::<ErrorPage>(console.out(), console, JsonForm::Embedded);
    for page in pages {
        rows.row(page, console)?;
    }
    rows.finish::<ErrorPage>()?;
    Ok(())
}

impl Row for ErrorPage {
    const HEADINGS: &'static [Heading] = &[Heading::left("code"), Heading::left("title")];

    fn cells(&self, _console: &Console) -> Vec<Cell> {
        vec![Cell::from(self.code), Cell::from(self.title())]
    }
}
