/// A part of the configuration that is one section of the file.
pub(crate) trait Concern {
    /// The section's name.
    const SECTION: &'static str;
    /// What it is about, line by line.
    const MANUAL: &'static [&'static str];
    /// Its keys.
    const KEYS: &'static [Key];
}

/// One key of the configuration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    /// Section and name, as in `store.location`.
    pub(crate) path: &'static str,
    /// Its manual, line by line.
    pub(crate) manual: &'static [&'static str],
    /// A value to show in the example where there is no default.
    pub(crate) example: Option<&'static str>,
}

/// Declares a concern: a struct whose doc comments are also the manual that `config example` prints. Concerns `with` it
/// are sections of their own whose names begin with its name.
macro_rules! concern {
    (
        $(#[doc = $about:literal])+
        $name:ident is $section:literal $(with { $($part:ident: $part_type:ty),+ $(,)? })? {
            $(
                $(#[doc = $line:literal])+
                $field:ident: $type:ty $(as $with:literal)? = $default:expr $(, such as $example:literal)?;
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct $name {
            $($(#[doc = $line])+ $(#[serde(with = $with)])? pub(crate) $field: $type,)+
            $($(pub(crate) $part: $part_type,)+)?
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)+ $($($part: Default::default(),)+)? }
            }
        }

        impl $crate::config::Concern for $name {
            const SECTION: &'static str = $section;
            const MANUAL: &'static [&'static str] = &[$($about),+];
            const KEYS: &'static [$crate::config::Key] = &[$($crate::config::Key {
                path: concat!($section, ".", stringify!($field)),
                manual: &[$($line),+],
                example: concern!(@example $($example)?),
            }),+];
        }
    };
    (@example) => { None };
    (@example $example:literal) => { Some($example) };
}

pub(crate) use concern;

impl Key {
    /// The environment variable that sets the key: `ANNALS_` and its path, but those that are typed most
    /// often have short names.
    pub(crate) fn variable(&self) -> String {
        match self.path {
            "store.location" => "ANNALS_STORE".to_owned(),
            "store.log" => "ANNALS_LOG".to_owned(),
            "output.format" => "ANNALS_FORMAT".to_owned(),
            "output.time_zone" => "ANNALS_TZ".to_owned(),
            path => format!("ANNALS_{}", path.replace('.', "_").to_uppercase()),
        }
    }
}
