use std::fmt;

/// A place that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the root of the checkout.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do about it.
    pub remedy: String,
}

impl Finding {
    pub(crate) fn new(path: &str, line: usize, remedy: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.remedy)
    }
}

/// What the checks found.
#[derive(Debug)]
pub struct Report {
    /// Everything that has to be mended.
    pub findings: Vec<Finding>,
    /// How many files were checked.
    pub files: usize,
    /// How many source files are longer than most should be, though still allowed.
    pub long_files: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        writeln!(
            f,
            "tidy: {} files, {} findings; {} source files are longer than 150 lines, none should pass 400",
            self.files,
            self.findings.len(),
            self.long_files
        )
    }
}
