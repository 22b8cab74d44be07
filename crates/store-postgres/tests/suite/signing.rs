//! Three processes sign one log, each with its own memory of what was signed; they are killed and started again, and
//! one gets an old copy of its memory back. No two notes that left any of them contradict each other.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use annals_proof::{CheckpointSigner, ProofError, SigningState};
use annals_store::{CheckpointStore, EventStore, ProofStore};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::{log_url, shared_server};
use annals_tlog::{Hash, Origin, SignedCheckpoint, Signer, SigningKey};

use crate::logs::{check_sound, create, numbered, options};

/// Names the number, the folder and the log of the process that this very test is to be, as one of the three.
const SIGNER: &str = "ANNALS_TEST_SIGNER";

const TEST: &str = "signing::three_processes_that_are_killed_and_set_back_never_contradict_each_other";

/// A process ends by itself then, should nobody kill it.
const LIFE_MAX: Duration = Duration::from_secs(30);

const PROCESSES: usize = 3;

fn key(origin: &Origin) -> SigningKey {
    SigningKey::from_seed(origin.clone().into(), &[7; 32])
}

fn signer(store: &Arc<PostgresEventStore>, folder: &Path) -> CheckpointSigner {
    let state = SigningState::in_folder(folder, store.origin());
    CheckpointSigner::new(store.clone(), key(store.origin()), state).unwrap()
}

/// Appends and signs until the process is killed, and says each note that leaves it.
async fn sign(number: u128, folder: &Path, options: PostgresOptions) {
    let store = Arc::new(create(&options).await);
    let signer = signer(&store, folder);
    let started = Instant::now();
    // Ids differ from those of the process that had the number before.
    let first_id = number << 96 | u128::from(std::process::id()) << 64;
    for n in 0.. {
        if started.elapsed() > LIFE_MAX {
            return;
        }
        store.append(numbered(first_id | n, &format!("Stream/{number}")).into()).await.unwrap();
        match signer.sign_now().await {
            Ok(note) => println!("note {:?}", note.to_string()),
            Err(error) => println!("refused {error}"),
        }
    }
}

/// A process that signs, and whoever reads what it says.
struct Signing {
    process: Child,
    said: JoinHandle<Vec<String>>,
}

impl Signing {
    fn begin(number: usize, folder: &Path, location: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([TEST, "--exact", "--nocapture"])
            .env(SIGNER, format!("{number} {} {location}", folder.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).split(b'\n').map_while(Result::ok);
        let said = std::thread::spawn(|| lines.filter_map(|line| String::from_utf8(line).ok()).collect());
        Self { process, said }
    }

    /// Kills the process; the notes that left it. A line that its death cut off is no note.
    fn kill(mut self) -> Vec<SignedCheckpoint> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let said = self.said.join().unwrap();
        let complaint = said.iter().find(|line| line.contains("refused") || line.contains("FAILED"));
        assert_eq!(complaint, None, "there is no reason to refuse");
        let notes = said.iter().filter_map(|line| line.split_once("note ")).map(|(_, note)| note);
        let notes = notes.filter_map(|note| serde_json::from_str::<String>(note).ok());
        notes.map(|note| SignedCheckpoint::parse(note.as_bytes()).unwrap()).collect()
    }
}

/// Each note that left a process must be about the log that there is.
async fn check_notes(store: &PostgresEventStore, notes: &[SignedCheckpoint]) {
    let key = key(store.origin());
    let mut roots: BTreeMap<u64, Hash> = BTreeMap::new();
    for note in notes {
        let tree = note.verify([key.verifier_key()]).unwrap().tree();
        assert_eq!(*roots.entry(tree.size).or_insert(tree.root), tree.root, "two roots at {}", tree.size);
    }
    for (size, root) in &roots {
        assert_eq!(store.root_at(*size).await.unwrap(), *root, "size {size}");
    }
    let kept = store.checkpoints(None, usize::MAX).await.unwrap();
    for (kept, next) in kept.iter().zip(kept.iter().skip(1)) {
        assert!(kept.unverified().size < next.unverified().size);
    }
    for note in notes {
        assert!(kept.contains(note), "a note of size {} left and is not kept", note.unverified().size);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_that_are_killed_and_set_back_never_contradict_each_other() {
    if let Ok(task) = std::env::var(SIGNER) {
        let mut parts = task.splitn(3, ' ');
        let mut part = || parts.next().unwrap();
        let (number, folder) = (part().parse().unwrap(), part());
        let options = PostgresOptions { location: part().parse().unwrap(), ..options() };
        return sign(number, Path::new(folder), options).await;
    }
    let options = options();
    let location = log_url(shared_server(), options.location.schema().as_str());
    let store = Arc::new(create(&options).await);
    store.append(numbered(u128::MAX, "Stream/first").into()).await.unwrap();
    let folders: Vec<_> = (0..PROCESSES).map(|_| tempfile::tempdir().unwrap()).collect();
    let first = signer(&store, folders[0].path()).sign_now().await.unwrap();
    for folder in &folders[1..] {
        signer(&store, folder.path()).adopt(&first).await.unwrap();
    }
    let state = SigningState::in_folder(folders[1].path(), store.origin());
    let old_state = std::fs::read(state.path()).unwrap();

    let begin = |number: usize| Signing::begin(number, folders[number].path(), &location);
    let mut processes: Vec<Signing> = (0..PROCESSES).map(begin).collect();
    let mut notes = vec![first];
    for round in 0..9 {
        tokio::time::sleep(Duration::from_millis(600)).await;
        let number = round % PROCESSES;
        notes.extend(processes.remove(number).kill());
        if number == 1 {
            std::fs::write(state.path(), &old_state).unwrap();
        }
        processes.insert(number, begin(number));
    }
    tokio::time::sleep(Duration::from_millis(600)).await;
    for process in processes {
        notes.extend(process.kill());
    }
    assert!(notes.len() > 50, "only {} notes left", notes.len());
    check_notes(&store, &notes).await;
    check_sound(&store).await;
    refuses_another_log_of_this_name(&store, folders[0].path()).await;
}

/// A copy of the log that went another way, as an old backup beside the log does.
async fn refuses_another_log_of_this_name(store: &PostgresEventStore, folder: &Path) {
    let options = PostgresOptions { origin: Some(store.origin().clone()), ..options() };
    let other = Arc::new(create(&options).await);
    let size = store.head().await.unwrap().size;
    other.append(crate::logs::events("Stream/other", 1)).await.unwrap();
    let refusal = signer(&other, folder).sign_now().await.unwrap_err();
    assert!(matches!(refusal, ProofError::Rewound { .. }), "{refusal}");
    other.append(crate::logs::events("Stream/other", u32::try_from(size).unwrap())).await.unwrap();
    let refusal = signer(&other, folder).sign_now().await.unwrap_err();
    assert!(matches!(refusal, ProofError::Forked { .. }), "{refusal}");
}
