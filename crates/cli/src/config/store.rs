use std::path::PathBuf;

use annals::{Location, LogName};

use super::concern::concern;

concern! {
    /// Which log, and how it is opened.
    StoreConfig is "store" {
        /// Where the store lies: sqlite:PATH, or a bare path; postgres://USER@HOST/DATABASE?schema=NAME; or
        /// https://HOST, a server, to which the token in ANNALS_TOKEN says who asks. In a file, a relative path starts
        /// at that file's folder.
        location: Location as "super::text" = Location::sqlite("annals.db");
        /// The certificates (PEM) by which a server is known, instead of the operating system's.
        certificates: Option<PathBuf> = None, such as "'internal-ca.pem'";
        /// Which of the store's logs.
        log: LogName as "super::text" = LogName::main();
        /// How many seconds a writer waits for another one to finish.
        lock_wait_seconds: u64 = 5;
        /// JSON pointers into the payload whose values are indexed, so that --where answers quickly.
        indexed_payload_paths: Vec<String> = Vec::new(), such as r#"["/customerId"]"#;
    }
}
