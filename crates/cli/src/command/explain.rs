use annals::{JsonForm, write_json_string};
use clap::Args;

use crate::error_pages::{ErrorPage, PAGES};
use crate::failure::Failure;
use crate::output::{Cell, Console, Format, Heading, Record, Row, RowWriter};
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

impl Record for ErrorPage {
    const COLUMNS: &'static [&'static str] = &["code", "title", "page"];

    fn fields(&self) -> Vec<String> {
        [self.code, self.title(), self.text].map(str::to_owned).to_vec()
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        for (lead, value) in
            [("{\"code\":", self.code), (",\"title\":", self.title()), (",\"page\":", self.text)]
        {
            text.push_str(lead);
            write_json_string(text, value);
        }
        text.push('}');
    }
}

impl Row for ErrorPage {
    const HEADINGS: &'static [Heading] = &[Heading::left("code"), Heading::left("title")];

    fn cells(&self, _console: &Console) -> Vec<Cell> {
        vec![Cell::from(self.code), Cell::from(self.title())]
    }
}
