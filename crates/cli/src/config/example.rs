use std::fmt::Write;

use figment::Figment;
use figment::providers::Serialized;

use super::layers::toml_text;
use super::{Config, SECTIONS};

/// A configuration file in which everything is explained and nothing is changed.
pub(crate) fn example() -> String {
    let defaults = Figment::from(Serialized::defaults(Config::default()));
    let mut text = String::from(
        "# The configuration of Annals. Everything here is a default: take the # away to change it.\n\
         # An environment variable goes before this file, a flag before both.\n",
    );
    for section in &SECTIONS {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n#{}\n[{}]\n", section.manual.join("\n#"), section.name);
        for key in section.keys {
            let name = key.path.rsplit('.').next().unwrap_or(key.path);
            let default = defaults.find_value(key.path).map(|value| toml_text(&value)).unwrap_or_default();
            let value = match key.example {
                Some(example) if default.is_empty() || default == "[]" => example.to_owned(),
                _ => default,
            };
            let _ = write!(
                text,
                "\n#{}\n# Environment variable: {}\n# {name} = {value}\n",
                key.manual.join("\n#"),
                key.variable()
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use figment::providers::{Format as _, Toml};

    use super::*;

    #[test]
    fn the_example_changes_nothing_as_it_is_and_is_read_when_uncommented() {
        let parse = |text: &str| Figment::from(Toml::string(text)).extract::<Config>().unwrap();
        assert_eq!(parse(&example()), Config::default());
        let is_setting = |line: &str| line.starts_with("# ") && line.contains(" = ");
        let uncommented: String = example()
            .lines()
            .map(|line| if is_setting(line) { format!("{}\n", &line[2..]) } else { format!("{line}\n") })
            .collect();
        let config = parse(&uncommented);
        assert_eq!(config.signing.origin.as_deref(), Some("example.com/books"));
        assert_eq!(config.limits, Config::default().limits);
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let error = Figment::from(Toml::string("[store]\nlocaton = 'x'")).extract::<Config>().unwrap_err();
        assert!(error.to_string().contains("locaton"), "{error}");
    }
}
