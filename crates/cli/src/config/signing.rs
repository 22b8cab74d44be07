use std::path::PathBuf;

use super::concern::concern;

concern! {
    /// The log's identity and its key.
    SigningConfig is "signing" {
        /// The file of the private key. When it is not set: one per log in the user's configuration folder,
        /// named by origin.
        key: Option<PathBuf> = None, such as r#""/etc/annals/books.key""#;
        /// The first line of every checkpoint of a log that is made anew. When it is not set: a random one.
        origin: Option<String> = None, such as r#""example.com/books""#;
    }
}
