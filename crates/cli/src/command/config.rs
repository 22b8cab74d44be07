use annals::{JsonForm, write_json_string};
use annals_wire::Record;
use clap::{Args, Subcommand};

use crate::command::serve;
use crate::config::{Setting, example};
use crate::failure::Failure;
use crate::output::{Cell, Console, Heading, Row, RowWriter};
use crate::shell::Shell;

/// Explain or show the configuration
///
/// A value comes from a flag, else from an environment variable, else from annals.toml, else it is the default.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Action {
    /// Print a configuration file in which everything is explained
    Example,
    /// Check that everything that is configured can be used
    ///
    /// Reads every file that is named, compiles reducers, upcasters and schemas, and makes sure that 'annals serve' would
    /// know its callers. Opens no log, and asks nobody for keys.
    Check,
    /// Show every value and where it comes from
    ///
    /// As JSON, a value has the members key, value (as it would stand in a file) and from.
    Show,
}

impl ConfigArgs {
    /// Whether only the manual is asked for, which does not depend on what is configured.
    pub(crate) fn is_manual(&self) -> bool {
        matches!(self.action, Action::Example)
    }
}

/// Prints the example, or what is in force.
pub(crate) fn run(args: &ConfigArgs, shell: &Shell) -> Result<(), Failure> {
    let console = &shell.console;
    match args.action {
        Action::Example => console.print(&example())?,
        Action::Check => check(shell)?,
        Action::Show => {
            let mut rows = RowWriter::new::<Setting>(console.out(), console, JsonForm::Embedded);
            for setting in shell.layers.settings() {
                rows.row(&setting, console)?;
            }
            rows.finish::<Setting>()?;
        }
    }
    Ok(())
}

/// Uses everything as the commands would that need it.
fn check(shell: &Shell) -> Result<(), Failure> {
    shell.writing_options()?;
    shell.history_options()?;
    serve::all_options(shell, shell.config.server.listen, None)?;
    serve::log_names(shell)?;
    shell.config.server.traces.options()?;
    shell.console.remark("everything that is configured can be used");
    Ok(())
}

impl Record for Setting {
    const COLUMNS: &'static [&'static str] = &["key", "value", "from"];

    fn fields(&self) -> Vec<String> {
        vec![self.path.to_owned(), self.value.clone(), self.origin.clone()]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        for (lead, value) in
            [("{\"key\":", self.path), (",\"value\":", &self.value), (",\"from\":", &self.origin)]
        {
            text.push_str(lead);
            write_json_string(text, value);
        }
        text.push('}');
    }
}

impl Row for Setting {
    const HEADINGS: &'static [Heading] =
        &[Heading::left("key"), Heading::left("value"), Heading::left("from")];

    fn cells(&self, _console: &Console) -> Vec<Cell> {
        vec![Cell::from(self.path), Cell::from(&self.value), Cell::from(&self.origin)]
    }
}
