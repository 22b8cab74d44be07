use annals::Direction;
use serde::Deserialize;
use utoipa::ToSchema;

/// In which order events are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(rename_all = "lowercase")]
pub(crate) enum Order {
    /// From the oldest to the newest.
    #[default]
    Asc,
    /// From the newest to the oldest.
    Desc,
}

impl Order {
    pub(crate) fn direction(self) -> Direction {
        match self {
            Self::Asc => Direction::Forwards,
            Self::Desc => Direction::Backwards,
        }
    }
}
