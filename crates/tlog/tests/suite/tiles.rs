//! Paths and bytes of tiles and entry bundles.

use annals_tlog::{
    BundleCoordinate, Error, Hash, TileCoordinate, TilePath, TileWidth, encode_bundle, encode_tile,
    parse_bundle, parse_tile,
};
use proptest::prelude::*;

#[test]
fn tiles_have_the_paths_of_the_specification() {
    let tile = |level, index, width| {
        TilePath::Tile(TileCoordinate::new(level, index, TileWidth::new(width).unwrap()).unwrap())
    };
    let bundle = |index, width| {
        TilePath::Bundle(BundleCoordinate::new(index, TileWidth::new(width).unwrap()).unwrap())
    };
    for (path, coordinate) in [
        ("tile/0/000", tile(0, 0, 256)),
        ("tile/0/001", tile(0, 1, 256)),
        ("tile/0/x001/x234/067", tile(0, 1_234_067, 256)),
        ("tile/0/x001/x234/067.p/1", tile(0, 1_234_067, 1)),
        ("tile/2/000.p/255", tile(2, 0, 255)),
        ("tile/63/x001/000", tile(63, 1_000, 256)),
        ("tile/entries/x123/x456/789.p/16", bundle(123_456_789, 16)),
        ("tile/entries/999", bundle(999, 256)),
    ] {
        assert_eq!(coordinate.to_string(), path);
        assert_eq!(path.parse(), Ok(coordinate));
    }
}

#[test]
fn other_spellings_of_a_tile_path_are_refused() {
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x001/x002",
        "tile/00/000",
        "tile/+1/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/+01",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p/1/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/entries/1",
        "tile/data/001",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/٠٠٠",
    ] {
        assert!(matches!(path.parse::<TilePath>(), Err(Error::TilePath { .. })), "{path:?}");
    }
}

#[test]
fn a_tree_of_seventy_thousand_leaves_has_the_tiles_of_the_specification() {
    let size = 70_000;
    let is_within = |level, index, width| {
        TileCoordinate::new(level, index, TileWidth::new(width).unwrap()).unwrap().is_within(size)
    };
    assert!(is_within(0, 272, 256) && is_within(0, 273, 112) && !is_within(0, 273, 113));
    assert!(is_within(1, 0, 256) && is_within(1, 1, 17) && !is_within(1, 1, 18));
    assert!(is_within(2, 0, 1) && !is_within(2, 0, 2) && !is_within(3, 0, 1) && !is_within(63, 0, 1));
    let bundle = BundleCoordinate::new(273, TileWidth::new(112).unwrap()).unwrap();
    assert!(bundle.is_within(size) && !bundle.is_within(size - 1));
    assert_eq!(bundle.range(), 69_888..70_000);
}

#[test]
fn bundles_and_tiles_that_are_cut_off_or_too_long_are_refused() {
    let bundle = encode_bundle([b"one".as_slice(), b"", b"three"]).unwrap();
    assert_eq!(parse_bundle(&bundle).unwrap(), [b"one".as_slice(), b"", b"three"]);
    assert_eq!(parse_bundle(&bundle[..bundle.len() - 1]), Err(Error::EntryBundle { entries: 2 }));
    assert_eq!(parse_bundle(&[0; 2 * 257]), Err(Error::EntryBundle { entries: 256 }));
    let long = vec![0; 65_536];
    assert_eq!(encode_bundle([long.as_slice()]), Err(Error::EntryTooLong { len: 65_536 }));

    let hashes = vec![Hash::EMPTY_ROOT; 256];
    assert_eq!(parse_tile(&encode_tile(&hashes)), Ok(hashes));
    for len in [0, 31, 33, 32 * 257] {
        assert_eq!(parse_tile(&vec![0; len]), Err(Error::TileBytes { len }));
    }
}

proptest! {
    #[test]
    fn every_tile_path_is_read_as_it_was_written(level in 0_u8..64, index in 0_u64..1 << 55, width in 1_u16..=256) {
        let width = TileWidth::new(width).unwrap();
        let tile = TilePath::Tile(TileCoordinate::new(level, index, width).unwrap());
        prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        let bundle = TilePath::Bundle(BundleCoordinate::new(index, width).unwrap());
        prop_assert_eq!(bundle.to_string().parse(), Ok(bundle));
    }
}
