/// Makes an enum of names, so that a point or bug that is misspelt does not compile.
macro_rules! names {
    ($(#[$about:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident: $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $kind {
            $($(#[$doc])* $variant,)*
        }

        impl $kind {
            /// Every one, in the order of this list.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// How the environment names it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

names! {
    /// A place beside a durable step.
    Point {
        /// A log is complete under another name, and has not its own yet.
        LogBeforeRename: "log.rename.before",
        /// A log has its name, which is not durable yet.
        LogAfterRename: "log.rename.after",
        /// A transaction of the truth is about to begin.
        TruthBeforeBegin: "truth.begin.before",
        /// A transaction of the truth has begun.
        TruthAfterBegin: "truth.begin.after",
        /// A turn's events are written, and not committed.
        TruthBeforeCommit: "truth.commit.before",
        /// A turn is committed, and not published.
        TruthAfterCommit: "truth.commit.after",
        /// A turn is published, and nobody is answered.
        TruthBeforeAnswer: "truth.answer.before",
        /// A transaction of the truth is about to be rolled back.
        TruthBeforeRollback: "truth.rollback.before",
        /// The truth is about to be opened again, since a commit failed.
        TruthBeforeReopen: "truth.reopen.before",
        /// The truth was opened again.
        TruthAfterReopen: "truth.reopen.after",
        /// Bookkeeping, a note among it, is written and not committed.
        BookkeepingBeforeCommit: "bookkeeping.commit.before",
        /// Bookkeeping is committed.
        BookkeepingAfterCommit: "bookkeeping.commit.after",
        /// A signed note is about to be kept.
        NoteBeforeKept: "note.keep.before",
        /// A signed note is kept.
        NoteAfterKept: "note.keep.after",
        /// A batch of the index is written, and not committed.
        IndexBeforeCommit: "index.commit.before",
        /// A batch of the index is committed.
        IndexAfterCommit: "index.commit.after",
        /// The write-ahead log is about to be folded into the truth.
        FoldBefore: "fold.before",
        /// The write-ahead log is folded into the truth.
        FoldAfter: "fold.after",
        /// The index is complete and closed, and not sealed.
        SealBefore: "seal.before",
        /// What is about to be signed is about to be put down.
        StateBeforeWrite: "state.write.before",
        /// A file's temporary twin is written, and not synced.
        FileAfterWrite: "file.write.after",
        /// A file's temporary twin is synced, and has not the file's name.
        FileAfterSync: "file.sync.after",
        /// A file has its name, which is not durable yet.
        FileAfterRename: "file.rename.after",
        /// What is about to be signed is put down for good.
        StateAfterWrite: "state.write.after",
    }
}

names! {
    /// A mistake that an engineer could make, and that the tests must catch.
    Bug {
        /// Appends are answered before their commit.
        AcknowledgedBeforeCommit: "acknowledged-before-commit",
        /// The truth is never synced.
        SynchronousOff: "synchronous-off",
        /// The truth is synced by WAL checkpoints only, as is common with SQLite.
        SynchronousNormal: "synchronous-normal",
        /// The head is shown to the signer before the turn is on disk, and the note leaves before it is kept.
        NoteBeforeTail: "note-before-tail",
        /// The index says that it has a batch before it has it.
        MarkBeforeRows: "mark-before-rows",
        /// The head follows its events in a transaction of its own.
        HeadInOwnTransaction: "head-in-own-transaction",
        /// A commit that failed is taken for one that succeeded.
        FailedCommitAcknowledged: "failed-commit-acknowledged",
        /// What the writer remembers of streams outlives the rollback of what it remembers.
        HeadsOutliveRollback: "heads-outlive-rollback",
        /// A file is renamed into its place without having been synced.
        FileNotSynced: "file-not-synced",
        /// A file's new name is not synced.
        FolderNotSynced: "folder-not-synced",
    }
}
