//! A log behind a server, as a store: what can be asked of a file or a database can be asked of a server too, and gets
//! the same answers.
//!
//! Events come byte for byte as they were recorded, appends are safe to repeat, and what goes wrong has the code that the
//! server gave it. What a server has no route for (backups, keys, repairs) is refused with
//! [`StoreError::NotOverHttp`](annals_store::StoreError::NotOverHttp).
//!
//! Nothing of the server need be trusted: [`HttpEventStore`] is also a [`PublishedLog`](annals_proof::PublishedLog), of
//! which `verify_published` believes the tiles only as far as a signed checkpoint vouches for them.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use annals_event::LogName;
//! use annals_store::{EventStore, PageRequest, Query};
//! use annals_store_http::{HttpEventStore, HttpLocation};
//!
//! let server: HttpLocation = "https://audit.example.com".parse()?;
//! let log = HttpEventStore::open(&server, &LogName::main()).await?;
//! let first = log.read_page(&Query::all(), PageRequest::default()).await?;
//! # drop(first);
//! # Ok(())
//! # })
//! # }
//! ```

mod append;
mod catalog;
mod client;
mod event;
mod events;
mod feed;
mod location;
mod merging;
mod problem;
mod proof;
mod question;
mod refusals;
mod store;
mod verdict;

pub use location::{HttpLocation, InvalidLocation, Token};
pub use proof::ServedReceipt;
pub use store::HttpEventStore;
