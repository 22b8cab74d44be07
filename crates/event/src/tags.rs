use std::fmt;

use crate::Tag;
use crate::json::write_json_string;

/// A set of tags, sorted by their bytes, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// Sorts `tags` and drops repeats.
    #[must_use]
    pub fn new(mut tags: Vec<Tag>) -> Self {
        tags.sort_unstable();
        tags.dedup();
        Self(tags)
    }

    /// The tags in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Tag] {
        &self.0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `tag` is among them.
    #[must_use]
    pub fn contains(&self, tag: &Tag) -> bool {
        self.0.binary_search(tag).is_ok()
    }

    /// The tags as an RFC 8785 (JCS) array: `["customer:42","vip"]`.
    #[must_use]
    pub fn to_json(&self) -> String {
        const QUOTES_AND_COMMA: usize = 3;
        let len = self.0.iter().map(|tag| tag.as_str().len() + QUOTES_AND_COMMA).sum::<usize>();
        let mut text = String::with_capacity("[]".len() + len);
        text.push('[');
        for (index, tag) in self.0.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            write_json_string(&mut text, tag.as_str());
        }
        text.push(']');
        text
    }

    /// Reads the text that [`Tags`]'s `Display` writes, as a store holds it: an array of strings.
    /// `None` when it is anything else.
    #[must_use]
    pub fn from_stored(text: &str) -> Option<Self> {
        let tags: Vec<std::borrow::Cow<'_, str>> = serde_json::from_str(text).ok()?;
        Some(Self(tags.iter().map(|tag| Tag::from_stored(tag)).collect()))
    }
}

impl fmt::Display for Tags {
    /// As [`Tags::to_json`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl FromIterator<Tag> for Tags {
    fn from_iter<I: IntoIterator<Item = Tag>>(tags: I) -> Self {
        Self::new(tags.into_iter().collect())
    }
}
