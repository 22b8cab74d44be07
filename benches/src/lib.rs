//! What `annals bench` measures: works of the store, each beside its floors in one run.
//!
//! The floors are raw programs over the same database: *lean*, a plain table with three indexes, and, where stores are
//! files, *equal*, the store's own tables, columns, indexes and page sizes, filled without checks or hashing. There are
//! no arguments and no output here, and nothing decides whether a figure is good enough.

mod chance;
mod conditions;
mod error;
mod events;
mod floor;
mod http;
mod loaded;
mod machine;
mod own_log;
mod postgres;
mod question;
mod report;
mod rounds;
mod settings;
mod sql;
mod timing;
mod work;

pub use annals_jq::WorkerCommand;

pub use conditions::Conditions;
pub use error::BenchError;
pub use http::ServerCommand;
pub use postgres::{ClientsCommand, clients_main};
pub use report::{Figure, Report};
pub use settings::Settings;
pub use work::Work;

/// Measures works one after the other, in threads of its own; `tell` gets each work before it begins. It blocks, and
/// may not be called from within a Tokio runtime.
///
/// # Errors
/// [`BenchError`]; what was measured before is lost.
pub fn measure(works: &[Work], settings: &Settings, tell: impl Fn(Work)) -> Result<Report, BenchError> {
    settings.check()?;
    let conditions = Conditions::find(works, settings)?;
    let mut figures = Vec::new();
    for work in works {
        tell(*work);
        figures.extend(work.measure(settings)?);
    }
    Ok(Report { conditions, works: figures })
}
