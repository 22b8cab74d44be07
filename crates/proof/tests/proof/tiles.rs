use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annals_event::{ActorId, Committed};
use annals_proof::{ProofError, TilesWritten, write_tiles};
use annals_store::{EventStore, MemoryStore};
use annals_tlog::{
    BundleCoordinate, Frontier, Hash, HashReader, InclusionClaim, LeafInTree, LogCheckpoint,
    SignedCheckpoint, Signer, SigningKey, TILE_WIDTH, TileCoordinate, TilePath, TileWidth, inclusion_proof,
    leaf_hash, parse_bundle, parse_tile, root_at,
};

use crate::altered_store::AlteredStore;
use crate::log::{grow, grow_at_once, key, log_of, origin};

async fn checkpoint(store: &MemoryStore) -> SignedCheckpoint {
    let head = store.head().await.unwrap();
    let checkpoint =
        LogCheckpoint { origin: origin(), size: head.size, root: head.root, extensions: Vec::new() };
    SignedCheckpoint::sign(&checkpoint, &key()).unwrap()
}

async fn publish(store: &MemoryStore, folder: &Path) -> TilesWritten {
    write_tiles(store, folder, &checkpoint(store).await).await.unwrap()
}

/// A client that has nothing but the files and the log's key.
struct Client<'a> {
    folder: &'a Path,
    size: u64,
}

impl Client<'_> {
    fn width(&self, stored: u64, index: u64) -> TileWidth {
        TileWidth::new(stored.saturating_sub(index * TILE_WIDTH).min(TILE_WIDTH) as u16).unwrap()
    }

    fn read(&self, path: TilePath) -> Vec<u8> {
        fs::read(self.folder.join(path.to_string())).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn entries(&self) -> Vec<Vec<u8>> {
        let bundles = (0..self.size.div_ceil(TILE_WIDTH)).map(|index| {
            let bundle = BundleCoordinate::new(index, self.width(self.size, index)).unwrap();
            let bytes = self.read(TilePath::Bundle(bundle));
            let entries = parse_bundle(&bytes).unwrap();
            assert_eq!(entries.len(), usize::from(bundle.width().get()));
            entries.into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>()
        });
        bundles.flatten().collect()
    }
}

impl HashReader for Client<'_> {
    type Error = annals_tlog::Error;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, annals_tlog::Error> {
        let index = range.start / TILE_WIDTH;
        let stored = self.size >> (8 * level);
        let tile = TileCoordinate::new(level, index, self.width(stored, index))?;
        let hashes = parse_tile(&self.read(TilePath::Tile(tile)))?;
        let start = (range.start % TILE_WIDTH) as usize;
        Ok(hashes[start..start + (range.end - range.start) as usize].to_vec())
    }
}

/// Checks a folder as an auditor with other tools would: entries, tiles, proofs and signature agree.
fn must_be_whole(folder: &Path, size: u64) {
    let signed = SignedCheckpoint::parse(&fs::read(folder.join("checkpoint")).unwrap()).unwrap();
    let tree = signed.verify([key().verifier_key()]).unwrap().tree();
    assert_eq!(tree.size, size);
    let client = Client { folder, size };
    let mut frontier = Frontier::new();
    let leaves: Vec<Hash> = client.entries().iter().map(|entry| leaf_hash(entry)).collect();
    leaves.iter().for_each(|leaf| frontier.push(*leaf, |_| ()));
    assert_eq!(frontier.head(), tree);
    assert_eq!(root_at(size, &client).unwrap(), tree.root);
    for index in [0, size / 3, size / 2, size.saturating_sub(1)].into_iter().filter(|index| *index < size) {
        let proof = inclusion_proof(LeafInTree { index, size }, &client).unwrap();
        proof.verify(&InclusionClaim { index, leaf: leaves[index as usize], tree }).unwrap();
    }
    // Every full tile below the right edge is there too.
    for level in 0..3_u8 {
        for index in 0..size >> (8 * level) >> 8 {
            let hashes = client.hashes(level, index * TILE_WIDTH..(index + 1) * TILE_WIDTH).unwrap();
            if level == 0 {
                assert_eq!(hashes, leaves[index as usize * 256..][..256]);
            }
        }
    }
}

fn files(folder: &Path) -> Vec<String> {
    fn collect(folder: &Path, under: &Path, files: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, under, files);
            } else {
                files.push(path.strip_prefix(under).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    collect(folder, folder, &mut found);
    found.sort();
    found
}

#[tokio::test]
async fn the_files_alone_prove_the_log() {
    for size in [0, 1, 255, 256, 257, 512, 700, 1_024, 1_300] {
        let folder = tempfile::tempdir().unwrap();
        let store = log_of(1, size).await;
        let written = publish(&store, folder.path()).await;
        assert_eq!((written.size, written.new_events), (size, size));
        assert_eq!(written.files, files(folder.path()).len() as u64);
        must_be_whole(folder.path(), size);
    }
}

#[tokio::test]
async fn the_layout_is_that_of_the_specification() {
    let folder = tempfile::tempdir().unwrap();
    publish(&*log_of(1, 257).await, folder.path()).await;
    let expected = [
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/1",
    ];
    assert_eq!(files(folder.path()), expected);
}

#[tokio::test]
async fn a_tree_of_70000_events_has_the_tiles_that_the_specification_counts() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 0).await;
    grow_at_once(&store, 0..69_000).await;
    publish(&store, folder.path()).await;
    grow_at_once(&store, 69_000..70_000).await;
    publish(&store, folder.path()).await;
    let found = files(folder.path());
    let count = |prefix: &str, is_full: bool| {
        found.iter().filter(|file| file.starts_with(prefix) && file.contains(".p/") != is_full).count()
    };
    assert_eq!((count("tile/0/", true), count("tile/entries/", true), count("tile/1/", true)), (273, 273, 1));
    for partial in ["tile/0/273.p/112", "tile/entries/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"] {
        assert!(found.iter().any(|file| file == partial), "{partial}");
    }
    assert!(!found.iter().any(|file| file.starts_with("tile/0/269.p/")), "an outgrown partial tile is left");
    must_be_whole(folder.path(), 70_000);
}

#[tokio::test]
async fn a_second_run_writes_only_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 0).await;
    let mut before = 0;
    for size in [1, 100, 300, 300, 512, 513, 800] {
        grow(&store, before..size).await;
        let full_before =
            fs::metadata(folder.path().join("tile/0/000")).and_then(|full| full.modified()).ok();
        let written = publish(&store, folder.path()).await;
        assert_eq!(written.new_events, size - before);
        must_be_whole(folder.path(), size);
        if let Some(full_before) = full_before {
            let full = fs::metadata(folder.path().join("tile/0/000")).unwrap().modified().unwrap();
            assert_eq!(full, full_before, "a full tile was written again");
        }
        before = size;
    }
    let found = files(folder.path());
    assert!(found.contains(&"tile/0/003.p/32".to_owned()), "{found:?}");
    // Tile 2 was partial at 513 and is full at 800.
    for outgrown in
        ["tile/0/000.p", "tile/0/001.p", "tile/0/002.p", "tile/entries/000.p", "tile/entries/002.p"]
    {
        assert!(!folder.path().join(outgrown).exists(), "{outgrown}");
    }
    assert!(folder.path().join("tile/1/000.p/1").exists(), "a checkpoint was produced that needs it");
}

#[tokio::test]
async fn a_folder_of_another_log_or_history_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    publish(&*log_of(1, 300).await, folder.path()).await;
    let before = files(folder.path());
    for (seed, size) in [(2, 300), (2, 400), (1, 299)] {
        let other = log_of(seed, size).await;
        let error = write_tiles(&*other, folder.path(), &checkpoint(&other).await).await.unwrap_err();
        assert!(matches!(error, ProofError::ForeignTiles { .. }), "{error}");
        assert_eq!(files(folder.path()), before);
    }
    must_be_whole(folder.path(), 300);

    fs::write(folder.path().join("checkpoint"), "something else").unwrap();
    let store = log_of(1, 300).await;
    let result = write_tiles(&*store, folder.path(), &checkpoint(&store).await).await;
    assert!(matches!(result, Err(ProofError::ForeignTiles { .. })));
}

#[tokio::test]
async fn an_altered_log_is_not_published() {
    let folder = tempfile::tempdir().unwrap();
    let original = log_of(1, 700).await;
    let checkpoint = checkpoint(&original).await;
    let mut store = AlteredStore::copy(&original).await;
    store.event(300).event.actor_id = Committed::Value(ActorId::anonymous());
    let error = write_tiles(&store, folder.path(), &checkpoint).await.unwrap_err();
    assert!(matches!(error, ProofError::EventAltered { position, .. } if position.0 == 300), "{error}");
    store.rehash(300);
    store.rebuild_tree();
    let error = write_tiles(&store, folder.path(), &checkpoint).await.unwrap_err();
    assert!(matches!(error, ProofError::Forked { .. }), "{error}");
    store.rows.remove(600);
    let error = write_tiles(&store, folder.path(), &checkpoint).await.unwrap_err();
    assert!(matches!(error, ProofError::EventAltered { position, .. } if position.0 == 600), "{error}");
    assert!(!folder.path().join("checkpoint").exists());
    // What was begun is finished once the log is in order.
    publish(&original, folder.path()).await;
    must_be_whole(folder.path(), 700);
}

#[tokio::test]
async fn a_checkpoint_of_another_log_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let other = "example.com/other".parse().unwrap();
    let key = SigningKey::from_seed("example.com/other".parse().unwrap(), &[7; 32]);
    let foreign = LogCheckpoint { origin: other, size: 0, root: Hash::EMPTY_ROOT, extensions: Vec::new() };
    let foreign = SignedCheckpoint::sign(&foreign, &key).unwrap();
    let result = write_tiles(&*log_of(1, 3).await, folder.path(), &foreign).await;
    assert!(matches!(result, Err(ProofError::ForeignCheckpoint { .. })));
}
