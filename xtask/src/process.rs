//! Running other programs: loudly, with their own output, or quietly, for what they print.

use std::process::{Command, Output};

use crate::Error;

/// Runs a program with its output going where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<(), Error> {
    let shown = shown(command);
    println!("\n$ {shown}");
    let status = command.status().map_err(|source| Error::NotStarted { command: shown.clone(), source })?;
    if status.success() { Ok(()) } else { Err(failed(shown, status)) }
}

/// Runs a program in our place: with our input and output, and without a word of our own.
pub(crate) fn replace(command: &mut Command) -> Result<(), Error> {
    let status = command.status().map_err(|source| Error::NotStarted { command: shown(command), source })?;
    if status.success() { Ok(()) } else { Err(failed(shown(command), status)) }
}

/// Goes over into a program: where the operating system can, there is one process less that a Ctrl-C would end before it.
pub(crate) fn become_program(command: &mut Command) -> Result<(), Error> {
    #[cfg(unix)]
    {
        let source = std::os::unix::process::CommandExt::exec(command);
        Err(Error::NotStarted { command: shown(command), source })
    }
    #[cfg(not(unix))]
    replace(command)
}

/// Runs a program and returns what it printed on standard output.
pub(crate) fn capture(command: &mut Command) -> Result<String, Error> {
    let shown = shown(command);
    let Output { status, stdout, stderr } =
        command.output().map_err(|source| Error::NotStarted { command: shown.clone(), source })?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    eprint!("{}", String::from_utf8_lossy(&stderr));
    Err(failed(shown, status))
}

/// The command as one would type it, without its environment.
pub(crate) fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let arguments = command.get_args().map(|argument| format!(" {}", argument.to_string_lossy()));
    std::iter::once(name.to_owned()).chain(arguments).collect()
}

fn failed(command: String, status: std::process::ExitStatus) -> Error {
    let status = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Error::CommandFailed { command, status }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_on_the_exit_status_of_a_failed_program() {
        let error = run(Command::new("sh").args(["-c", "exit 7"])).unwrap_err();
        assert_eq!(error.exit_status(), 7);
        assert_eq!(error.to_string(), "`sh -c exit 7` failed");
    }

    #[test]
    fn says_which_program_is_not_there() {
        let error = capture(&mut Command::new("no-such-program")).unwrap_err();
        assert!(error.to_string().starts_with("cannot start `no-such-program`"), "{error}");
    }
}
