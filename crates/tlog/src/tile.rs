//! Tiles: how a log publishes its tree as files that never change (C2SP tlog-tiles).

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::decimal::parse_decimal;
use crate::subtree::HEIGHTS_PER_LEVEL;
use crate::{Error, Hash, TILE_WIDTH};

/// The greatest level that a path may name.
const LEVEL_MAX: u8 = 63;

/// The greatest index of a tile: more would lie beyond the positions that any store can number.
const INDEX_MAX: u64 = (1 << 55) - 1;

/// The number of hashes or entries in a tile: 256 if it is full, fewer at the right edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileWidth(u16);

/// Names one tile of hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileCoordinate {
    level: u8,
    index: u64,
    width: TileWidth,
}

/// Names one bundle of entries. It holds the entries of the tile of level 0 with the same index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BundleCoordinate {
    index: u64,
    width: TileWidth,
}

/// The path under which a log serves a tile or an entry bundle, without its prefix.
///
/// ```
/// use annals_tlog::{TileCoordinate, TilePath, TileWidth};
///
/// let tile = TileCoordinate::new(1, 1_234_067, TileWidth::new(17)?)?;
/// assert_eq!(TilePath::Tile(tile).to_string(), "tile/1/x001/x234/067.p/17");
/// assert_eq!("tile/1/x001/x234/067.p/17".parse(), Ok(TilePath::Tile(tile)));
/// # Ok::<(), annals_tlog::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TilePath {
    /// `tile/<L>/<N>[.p/<W>]`
    Tile(TileCoordinate),
    /// `tile/entries/<N>[.p/<W>]`
    Bundle(BundleCoordinate),
}

impl TileWidth {
    /// The width of a full tile.
    pub const FULL: Self = Self(TILE_WIDTH as u16);

    /// A width from 1 to 256.
    ///
    /// # Errors
    /// [`Error::TileCoordinate`] for any other.
    pub const fn new(width: u16) -> Result<Self, Error> {
        match width {
            1..=256 => Ok(Self(width)),
            _ => Err(Error::TileCoordinate { reason: "its width is not 1 to 256" }),
        }
    }

    /// The width as a number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Whether this is the width of a full tile.
    #[must_use]
    pub fn is_full(self) -> bool {
        self == Self::FULL
    }
}

impl TileCoordinate {
    /// Names a tile by its level, its index in the level, and its width.
    ///
    /// # Errors
    /// [`Error::TileCoordinate`] if the level exceeds 63 or the index 2^55 - 1.
    pub fn new(level: u8, index: u64, width: TileWidth) -> Result<Self, Error> {
        if level > LEVEL_MAX {
            return Err(Error::TileCoordinate { reason: "its level is above 63" });
        }
        check_index(index)?;
        Ok(Self { level, index, width })
    }

    /// The level: 0 for leaf hashes, L for the roots of subtrees of 256^L leaves.
    #[must_use]
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// The tile's place in its level, counted from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The number of hashes.
    #[must_use]
    pub const fn width(&self) -> TileWidth {
        self.width
    }

    /// The hashes of its level that the tile holds, as [`HashReader`](crate::HashReader) counts
    /// them.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        range(self.index, self.width)
    }

    /// Whether a tree of this many leaves has all the tile's hashes.
    #[must_use]
    pub fn is_within(&self, tree_size: u64) -> bool {
        let height = u32::from(HEIGHTS_PER_LEVEL) * u32::from(self.level);
        let stored = tree_size.checked_shr(height).unwrap_or(0);
        self.range().end <= stored
    }
}

impl BundleCoordinate {
    /// Names a bundle by its index and width.
    ///
    /// # Errors
    /// [`Error::TileCoordinate`] if the index exceeds 2^55 - 1.
    pub fn new(index: u64, width: TileWidth) -> Result<Self, Error> {
        check_index(index)?;
        Ok(Self { index, width })
    }

    /// The bundle's place, counted from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The number of entries.
    #[must_use]
    pub const fn width(&self) -> TileWidth {
        self.width
    }

    /// The leaf indices of the entries that the bundle holds.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        range(self.index, self.width)
    }

    /// Whether a tree of this many leaves has all the bundle's entries.
    #[must_use]
    pub fn is_within(&self, tree_size: u64) -> bool {
        self.range().end <= tree_size
    }
}

fn check_index(index: u64) -> Result<(), Error> {
    if index > INDEX_MAX {
        Err(Error::TileCoordinate { reason: "its index is above 2^55 - 1" })
    } else {
        Ok(())
    }
}

fn range(index: u64, width: TileWidth) -> Range<u64> {
    let start = index * TILE_WIDTH;
    start..start + u64::from(width.0)
}

/// The bytes of a tile: its hashes, one after the other.
#[must_use]
pub fn encode_tile(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.to_bytes()).collect()
}

/// Reads the bytes of a tile.
///
/// # Errors
/// [`Error::TileBytes`] unless these are 1 to 256 whole hashes.
pub fn parse_tile(bytes: &[u8]) -> Result<Vec<Hash>, Error> {
    let (hashes, rest) = bytes.as_chunks::<{ Hash::LEN }>();
    if !rest.is_empty() || hashes.is_empty() || hashes.len() as u64 > TILE_WIDTH {
        return Err(Error::TileBytes { len: bytes.len() });
    }
    Ok(hashes.iter().copied().map(Hash::from_bytes).collect())
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match self {
            Self::Tile(tile) => {
                write!(f, "tile/{}/", tile.level)?;
                (tile.index, tile.width)
            }
            Self::Bundle(bundle) => {
                f.write_str("tile/entries/")?;
                (bundle.index, bundle.width)
            }
        };
        write_index(f, index)?;
        if width.is_full() { Ok(()) } else { write!(f, ".p/{}", width.0) }
    }
}

/// Writes an index in path elements of three digits, all but the last with an `x` before them.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let (before, last) = (index / 1_000, index % 1_000);
    if before > 0 {
        write_leading(f, before)?;
    }
    write!(f, "{last:03}")
}

fn write_leading(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let (before, last) = (index / 1_000, index % 1_000);
    if before > 0 {
        write_leading(f, before)?;
    }
    write!(f, "x{last:03}/")
}

impl FromStr for TilePath {
    type Err = Error;

    /// Reads exactly the spelling that `Display` writes; fails with [`Error::TilePath`].
    fn from_str(path: &str) -> Result<Self, Error> {
        parse_path(path).map_err(|error| match error {
            Error::TileCoordinate { reason } => {
                Error::TilePath { path: path.chars().take(80).collect(), reason }
            }
            other => other,
        })
    }
}

fn parse_path(path: &str) -> Result<TilePath, Error> {
    let refused = |reason| Error::TileCoordinate { reason };
    let rest = path.strip_prefix("tile/").ok_or(refused("it does not start with tile/"))?;
    let (level, rest) = rest.split_once('/').ok_or(refused("it has no index"))?;
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, parse_partial_width(width)?),
        None => (rest, TileWidth::FULL),
    };
    let index = parse_index(index).ok_or(refused("its index is not in groups of three digits"))?;
    if level == "entries" {
        return BundleCoordinate::new(index, width).map(TilePath::Bundle);
    }
    let level = parse_decimal(level).ok().and_then(|level| u8::try_from(level).ok());
    let level = level.ok_or(refused("its level is not a number from 0 to 63"))?;
    TileCoordinate::new(level, index, width).map(TilePath::Tile)
}

fn parse_partial_width(text: &str) -> Result<TileWidth, Error> {
    let reason = "its width is not a number from 1 to 255";
    let width = parse_decimal(text).ok().and_then(|width| u8::try_from(width).ok());
    let width = width.ok_or(Error::TileCoordinate { reason })?;
    TileWidth::new(width.into()).map_err(|_| Error::TileCoordinate { reason })
}

/// Reads an index; `None` unless it is spelled in the one way that it has.
fn parse_index(text: &str) -> Option<u64> {
    let mut index = 0_u64;
    let mut groups = text.split('/').peekable();
    let mut is_first = true;
    while let Some(group) = groups.next() {
        let is_last = groups.peek().is_none();
        let digits = if is_last { group } else { group.strip_prefix('x')? };
        if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let number: u64 = digits.parse().ok()?;
        if is_first && !is_last && number == 0 {
            return None;
        }
        is_first = false;
        index = index.checked_mul(1_000)?.checked_add(number)?;
    }
    Some(index)
}
