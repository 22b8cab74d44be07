use std::path::{Path, PathBuf};

use annals::Location;
use figment::providers::{Format as _, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider, Source};

use super::{Config, Key, SECTIONS, files};
use crate::failure::Failure;

/// The configuration's layers: defaults, then a file, then the environment, then flags.
pub(crate) struct Layers {
    figment: Figment,
}

/// One key's value and where it comes from.
pub(crate) struct Setting {
    /// Section and name.
    pub(crate) path: &'static str,
    /// The value as it would stand in a file.
    pub(crate) value: String,
    /// `default`, a file, an environment variable or a flag.
    pub(crate) origin: String,
}

/// A value that somebody gave for one key.
pub(crate) struct Given {
    /// Who gave it.
    pub(crate) by: String,
    /// Section and name.
    pub(crate) path: &'static str,
    /// The value.
    pub(crate) value: Value,
}

impl Layers {
    /// Nothing but the defaults.
    pub(crate) fn defaults() -> Self {
        let provider = Serialized::defaults(Config::default());
        Self { figment: Figment::from(Named { name: "default", provider }) }
    }

    /// Stacks the layers. `file` is the configuration file that a flag or the environment names.
    ///
    /// # Errors
    /// [`Failure::File`] when a file that is named does not exist.
    pub(crate) fn new(file: Option<PathBuf>, flags: Vec<Given>) -> Result<Self, Failure> {
        let defaults = Self::defaults().figment;
        let variables = environment(&defaults);
        let with_given =
            |base: Figment| variables.iter().chain(&flags).fold(base, |layers, given| layers.merge(given));
        let store =
            with_given(defaults.clone()).extract_inner::<String>("store.location").unwrap_or_default();
        let store = store.parse::<Location>().unwrap_or_else(|_| Location::sqlite("annals.db"));
        let figment = match files::find(file, store.file()) {
            None => defaults,
            Some(path) if path.is_file() => defaults.merge(Toml::file_exact(path)),
            Some(path) => {
                let source = std::io::Error::from(std::io::ErrorKind::NotFound);
                return Err(Failure::File { path, source });
            }
        };
        Ok(Self { figment: with_given(figment) })
    }

    /// Defaults, and a configuration file of which only the text is known.
    pub(crate) fn of_file_text(text: &str) -> Self {
        Self { figment: Self::defaults().figment.merge(Toml::string(text)) }
    }

    /// Every key that has a value, as a configuration file.
    pub(crate) fn file_text(&self) -> String {
        let line = |Setting { path, value, .. }| format!("{path} = {value}\n");
        self.settings().into_iter().filter(|setting| !setting.value.is_empty()).map(line).collect()
    }

    /// The configuration that the layers add up to.
    ///
    /// # Errors
    /// [`Failure::Configuration`] with the key and where its value comes from.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        self.sections_are_tables()?;
        let mut config: Config = self.figment.extract().map_err(wrong)?;
        if let Some(folder) = self.folder_of("store.location") {
            config.store.location = config.store.location.relative_to(&folder);
        }
        if let (Some(folder), Some(key)) = (self.folder_of("signing.key"), config.signing.key.as_mut()) {
            *key = folder.join(&key);
        }
        if let Some(folder) = self.folder_of("validation.schemas") {
            for schema in &mut config.validation.schemas {
                schema.file = folder.join(&schema.file);
            }
        }
        if let Some(folder) = self.folder_of("history.reducers") {
            config.history.reducers.iter_mut().for_each(|reducer| reducer.reducer.lies_in(&folder));
        }
        if let Some(folder) = self.folder_of("history.upcasters") {
            for upcaster in &mut config.history.upcasters {
                upcaster.file = folder.join(&upcaster.file);
            }
        }
        config.server.tls.lie_in(|key| self.folder_of(key));
        config.auth.lie_in(|key| self.folder_of(key));
        config.sign_in.lie_in(|key| self.folder_of(key));
        Ok(config)
    }

    /// What reads the values would take an array for a section, and its elements for the keys in their order.
    fn sections_are_tables(&self) -> Result<(), Failure> {
        for name in SECTIONS.map(|section| section.name) {
            let value = self.figment.find_value(name).map_err(wrong)?;
            if !matches!(value, Value::Dict(..)) {
                let kind = figment::error::Kind::InvalidType(value.to_actual(), "a table".to_owned());
                let mut error = figment::Error::from(kind).with_path(name);
                error.metadata = self.figment.find_metadata(name).cloned();
                return Err(wrong(error));
            }
        }
        Ok(())
    }

    /// Every key with its value and where that comes from.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        SECTIONS.iter().flat_map(|section| section.keys).map(|key| self.setting(key)).collect()
    }

    fn setting(&self, key: &Key) -> Setting {
        let value = self.figment.find_value(key.path).ok();
        let metadata = self.figment.find_metadata(key.path);
        let origin = metadata.map_or_else(|| "default".to_owned(), origin_of);
        let mut value = value.as_ref().map_or_else(String::new, toml_text);
        if key.path == "store.location" {
            // Another text than was given, for that may hold a password.
            let location = self.figment.extract_inner::<String>(key.path).unwrap_or_default();
            value = location.parse::<Location>().map_or(value, |location| toml_string(&location.to_string()));
        }
        Setting { path: key.path, value, origin }
    }

    /// The folder of the file that a key's value comes from.
    fn folder_of(&self, path: &str) -> Option<PathBuf> {
        match self.figment.find_metadata(path)?.source.as_ref()? {
            Source::File(file) => file.parent().map(Path::to_owned),
            _ => None,
        }
    }
}

fn wrong(error: figment::Error) -> Failure {
    Failure::Configuration(Box::new(error))
}

/// Where a value comes from, in words.
pub(crate) fn origin_of(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(Source::File(path)) => format!("file {}", path.display()),
        _ => metadata.name.to_string(),
    }
}

/// What environment variables give. A variable that is none of a key is ignored: programs around Annals have
/// their own.
fn environment(defaults: &Figment) -> Vec<Given> {
    let given = |key: &Key| {
        let variable = key.variable();
        let text = std::env::var(&variable).ok().filter(|text| !text.is_empty())?;
        let is_text =
            !matches!(defaults.find_value(key.path), Ok(Value::Num(..) | Value::Bool(..) | Value::Array(..)));
        // Parsing a value never fails: what is nothing else is a string.
        let value = if is_text { Value::from(text) } else { text.parse().unwrap_or(Value::from(text)) };
        Some(Given { by: format!("environment variable {variable}"), path: key.path, value })
    };
    SECTIONS.iter().flat_map(|section| section.keys).filter_map(given).collect()
}

/// A value as TOML writes it.
pub(super) fn toml_text(value: &Value) -> String {
    match value {
        Value::String(_, text) => toml_string(text),
        Value::Char(_, text) => toml_string(&text.to_string()),
        Value::Bool(_, value) => value.to_string(),
        Value::Num(_, number) => match (number.to_i128(), number.to_u128(), number.to_f64()) {
            (Some(number), _, _) => number.to_string(),
            (_, Some(number), _) => number.to_string(),
            (_, _, number) => number.unwrap_or_default().to_string(),
        },
        Value::Array(_, values) => {
            format!("[{}]", values.iter().map(toml_text).collect::<Vec<_>>().join(", "))
        }
        Value::Dict(_, members) => {
            let member = |(name, value): (&String, &Value)| match value {
                Value::Empty(..) => None,
                value => Some(format!("{name} = {}", toml_text(value))),
            };
            format!("{{ {} }}", members.iter().filter_map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Empty(..) => String::new(),
    }
}

/// A TOML basic string has the escapes of a JSON string.
fn toml_string(text: &str) -> String {
    let mut quoted = String::new();
    annals::write_json_string(&mut quoted, text);
    quoted
}

/// A provider under another name.
struct Named<P> {
    name: &'static str,
    provider: P,
}

impl<P: Provider> Provider for Named<P> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> figment::error::Result<Map<Profile, Dict>> {
        self.provider.data()
    }
}

impl Provider for &Given {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.by.clone())
    }

    fn data(&self) -> figment::error::Result<Map<Profile, Dict>> {
        let nested = figment::util::nest(self.path, self.value.clone());
        Ok(Profile::Default.collect(nested.into_dict().unwrap_or_default()))
    }
}
