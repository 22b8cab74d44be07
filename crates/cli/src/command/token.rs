use std::time::Duration;

use annals::{ActorId, Clock, InvalidEvent, LogName, SystemClock};
use annals_auth::{AllowedLogs, Mint, Role, Roles, TokenGrant};
use clap::Args;

use crate::failure::Failure;
use crate::shell::Shell;

/// Make a token for somebody who asks a server
///
/// Signs it with the secret that the server has as well (auth.secret_file, or the environment variable
/// ANNALS_AUTH_SECRET). Where tokens are signed with other keys, their issuer makes them. Whoever holds the token is
/// SUBJECT to the server until it ends, so give it to nobody else, and let it end soon.
///
/// Prints the token alone, whatever --format says: ANNALS_TOKEN=$(annals token maria --role auditor)
#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// Who asks with it; the actor of what she appends
    #[arg(value_name = "SUBJECT")]
    subject: ActorId,
    /// What she may do: reader (sees what she did herself), auditor (sees everything), writer (appends), delegate
    /// (appends what others did), admin (everything); given several times, all of it
    #[arg(long = "role", value_name = "ROLE", required = true, value_parser = role)]
    roles: Vec<Role>,
    /// In which logs, or * for all of them; given several times, in each
    #[arg(long = "in", value_name = "LOG", default_value = "main", value_parser = log)]
    logs: Vec<String>,
    /// For how long: 15m, 8h, 30d
    #[arg(long = "for", value_name = "TIME", default_value = "8h", value_parser = lifetime)]
    lifetime: Duration,
}

/// Prints the token.
pub(crate) fn run(args: TokenArgs, shell: &Shell) -> Result<(), Failure> {
    let Some(options) = shell.config.auth.options(&shell.config.sign_in)? else {
        let what = "there is no secret to sign a token with";
        let help = "put one into a file ('openssl rand -base64 48 > token-secret'), and name the file in \
                    auth.secret_file, here and for the server";
        return Err(Failure::usage(what, help));
    };
    let grant = TokenGrant {
        subject: args.subject,
        roles: args.roles.into_iter().collect::<Roles>(),
        logs: AllowedLogs::from_words(args.logs.iter().map(String::as_str)),
        lifetime: args.lifetime,
    };
    let token = Mint::new(&options)?.mint(&grant, SystemClock.now())?;
    shell.console.print(&format!("{token}\n"))?;
    Ok(())
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::as_str).join(", ");
    Role::named(text).ok_or_else(|| format!("{text:?} is no role; give one of {}", known()))
}

fn log(text: &str) -> Result<String, InvalidEvent> {
    LogName::new(text).map(|name| name.to_string())
}

/// Reads a number with a unit: s, m, h or d.
fn lifetime(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no time; give a number and a unit, as in 15m, 8h or 30d");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().ok().filter(|number| *number > 0).ok_or_else(wrong)?;
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_has_a_number_and_a_unit() {
        assert_eq!(lifetime("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(lifetime("30d"), Ok(Duration::from_secs(2_592_000)));
        for text in ["", "h", "8", "0h", "-1h", "8 h", "8hh", "8ä"] {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }
}
