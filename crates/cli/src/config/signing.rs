use std::path::PathBuf;

use super::concern::concern;

concern! {
    /// The log's identity and its key.
    SigningConfig is "signing" {
        /// The file of the private key. When it is not set: one per log in the user's configuration folder,
        /// named by origin. It is that of store.log; another log that 'annals serve' opens has its own beside it, as in
        /// books.access.key.
        key: Option<PathBuf> = None, such as r#""/etc/annals/books.key""#;
        /// The first line of every checkpoint of a log that is made anew. When it is not set: a random one. Another
        /// log that 'annals serve' makes has its name behind it, as in example.com/books/access.
        origin: Option<String> = None, such as r#""example.com/books""#;
    }
}
