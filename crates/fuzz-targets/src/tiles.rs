//! Tiles, bundles of entries, paths and frontiers: written as they were read.

use annals_tlog::{
    Frontier, Hash, TileCoordinate, TilePath, TileWidth, encode_bundle, encode_tile, leaf_hash, parse_bundle,
    parse_tile,
};

pub(crate) fn check(input: &[u8]) {
    if let Ok(hashes) = parse_tile(input) {
        assert_eq!(encode_tile(&hashes), input);
    }
    if let Ok(entries) = parse_bundle(input) {
        assert!(entries.len() <= 256);
        assert_eq!(encode_bundle(entries).as_deref(), Ok(input));
    }
    if let Ok(mut frontier) = Frontier::from_bytes(input) {
        assert_eq!(frontier.to_bytes(), input);
        let _ = frontier.root();
        frontier.push(leaf_hash(b"next"), |subtree| assert!(subtree.level > 0));
        let _ = frontier.root();
    }
    if let Ok(hash) = Hash::try_from(input) {
        assert_eq!(hash.to_bytes().as_slice(), input);
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(hash) = text.parse::<Hash>() {
        assert_eq!(hash.to_string(), text);
    }
    if let Ok(path) = text.parse::<TilePath>() {
        assert_eq!(path.to_string(), text, "a tile has one path");
        if let TilePath::Tile(tile) = path {
            let width = TileWidth::new(tile.width().get());
            let same = width.and_then(|width| TileCoordinate::new(tile.level(), tile.index(), width));
            assert_eq!(same, Ok(tile));
            let _ = (tile.range(), tile.is_within(u64::MAX));
        }
    }
}
