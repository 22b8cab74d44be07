//! The web UI as the files that a browser asks for, inside the program.
//!
//! They are what `npm run build` made in the folder `web` before this crate was compiled. Where nothing was built the
//! crate is empty, and says so.
//!
//! What this crate is *not*: it knows no HTTP, no routes and no API, and it builds nothing.

/// A file of the UI.
#[derive(Debug, Clone, Copy)]
pub struct PageFile {
    /// Where it stands, from `/` on.
    pub path: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// Its content, compressed (RFC 1952); `None` where that would save nothing.
    pub gzip: Option<&'static [u8]>,
}

/// For how long a browser may believe what it fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// For ever: another content has another name.
    Forever,
    /// Until it asks again.
    UntilAsked,
}

const FILES: &[PageFile] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Where the build puts files that are named after their content.
const NAMED_AFTER_CONTENT: &str = "/assets/";

/// Every file, in the order of their paths; none where the UI was not built.
#[must_use]
pub fn files() -> &'static [PageFile] {
    FILES
}

impl PageFile {
    /// The path of the document in which every page is shown.
    pub const DOCUMENT: &'static str = "/index.html";

    /// For how long a browser may believe it.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        if self.path.starts_with(NAMED_AFTER_CONTENT) { Freshness::Forever } else { Freshness::UntilAsked }
    }

    /// Its media type (RFC 6838).
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        match self.path.rsplit_once('.').map(|(_, end)| end) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &'static str) -> PageFile {
        PageFile { path, bytes: b"", gzip: None }
    }

    #[test]
    fn only_what_is_named_after_its_content_is_believed_for_ever() {
        assert_eq!(named("/assets/index-B3x.js").freshness(), Freshness::Forever);
        assert_eq!(named("/index.html").freshness(), Freshness::UntilAsked);
        assert_eq!(named("/theme.js").freshness(), Freshness::UntilAsked);
    }

    #[test]
    fn every_file_that_was_built_has_a_type_that_browsers_know() {
        for file in files() {
            assert_ne!(file.media_type(), "application/octet-stream", "{}", file.path);
        }
        assert_eq!(named("/a/b.woff2").media_type(), "font/woff2");
    }
}
