-- The truth: everything that states a fact about one log, and nothing that can be computed cheaply from it.
-- Times are microseconds since 1970-01-01T00:00:00Z.

-- The log's identity: one row.
CREATE TABLE log (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  -- The first line of the log's checkpoints.
  origin TEXT NOT NULL
) STRICT;

-- The state after the last commit: one row, bookkeeping, recomputed by verification.
CREATE TABLE head (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  -- How many events there are; the next position.
  size        INTEGER NOT NULL,
  -- When the last event was recorded.
  recorded_at INTEGER,
  -- The peaks of the Merkle tree, so that an append needs nothing older.
  frontier    BLOB NOT NULL
) STRICT;

-- The events. A committed field is NULL once it is erased; its commitment then stands in `erasure`.
CREATE TABLE events (
  position       INTEGER PRIMARY KEY,
  event_id       BLOB NOT NULL,
  event_type     TEXT NOT NULL,
  aggregate_type TEXT NOT NULL,
  aggregate_id   TEXT,
  version        INTEGER NOT NULL,
  schema_version INTEGER NOT NULL,
  timestamp      INTEGER NOT NULL,
  recorded_at    INTEGER NOT NULL,
  actor_id       TEXT,
  -- The sorted tags as a JSON array without spaces.
  tags           TEXT,
  -- Payload and metadata are the producer's bytes, context is Annals's own.
  payload        TEXT,
  metadata       TEXT,
  context        TEXT,
  -- What opens the commitments of the leaf entry; NULL once a field is erased.
  secret         BLOB,
  -- {"commitments":{field: hex},"salts":{field: hex}} once a field is erased.
  erasure        TEXT,
  -- RFC 6962 hash of the leaf entry.
  leaf_hash      BLOB NOT NULL
) STRICT;

-- Roots of the complete subtrees of 256^level leaves, level 1 and above.
CREATE TABLE subtrees (
  level INTEGER NOT NULL,
  n     INTEGER NOT NULL,
  hash  BLOB NOT NULL,
  PRIMARY KEY (level, n)
) STRICT, WITHOUT ROWID;

-- Every signed checkpoint as it was signed.
CREATE TABLE checkpoints (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;

-- The keys that signed or sign checkpoints, the current one last.
CREATE TABLE verifier_keys (
  id   INTEGER PRIMARY KEY,
  vkey TEXT NOT NULL
) STRICT;

-- Places of sources and readers. Bookkeeping with a hash of its own.
CREATE TABLE cursors (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  hash  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- States of aggregates: a cache with a hash of its own.
CREATE TABLE snapshots (
  aggregate_type     TEXT NOT NULL,
  aggregate_id       TEXT NOT NULL,
  reducer            TEXT NOT NULL,
  version            INTEGER NOT NULL,
  greatest_timestamp INTEGER NOT NULL,
  state              TEXT NOT NULL,
  hash               BLOB NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id, reducer, version)
) STRICT, WITHOUT ROWID;

-- Inputs that could not become events, each with a hash of its own.
CREATE TABLE dead_letters (
  id          INTEGER PRIMARY KEY,
  received_at INTEGER NOT NULL,
  state       TEXT NOT NULL,
  source      TEXT NOT NULL,
  place       TEXT NOT NULL,
  code        TEXT NOT NULL,
  reason      TEXT NOT NULL,
  raw         BLOB NOT NULL,
  hash        BLOB NOT NULL
) STRICT;

-- Facts are never changed. These guard against accidents; the proof is the Merkle tree.
CREATE TRIGGER log_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'a log keeps its identity'); END;
CREATE TRIGGER log_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'a log keeps its identity'); END;
CREATE TRIGGER events_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER subtrees_update BEFORE UPDATE ON subtrees BEGIN SELECT RAISE(ABORT, 'the tree only grows'); END;
CREATE TRIGGER subtrees_delete BEFORE DELETE ON subtrees BEGIN SELECT RAISE(ABORT, 'the tree only grows'); END;
CREATE TRIGGER checkpoints_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are kept as they are'); END;
CREATE TRIGGER checkpoints_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are kept as they are'); END;
CREATE TRIGGER verifier_keys_update BEFORE UPDATE ON verifier_keys BEGIN SELECT RAISE(ABORT, 'keys are kept as they are'); END;
CREATE TRIGGER verifier_keys_delete BEFORE DELETE ON verifier_keys BEGIN SELECT RAISE(ABORT, 'keys are kept as they are'); END;

-- The log for people with sqlite3.
CREATE VIEW log_events AS
SELECT position,
       lower(substr(hex(event_id), 1, 8) || '-' || substr(hex(event_id), 9, 4) || '-' || substr(hex(event_id), 13, 4)
         || '-' || substr(hex(event_id), 17, 4) || '-' || substr(hex(event_id), 21)) AS event_id,
       event_type,
       aggregate_type || '/' || aggregate_id AS aggregate,
       version,
       schema_version,
       strftime('%Y-%m-%dT%H:%M:%S', timestamp / 1000000, 'unixepoch') || printf('.%06dZ', timestamp % 1000000) AS timestamp,
       strftime('%Y-%m-%dT%H:%M:%S', recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', recorded_at % 1000000) AS recorded_at,
       actor_id, tags, payload, metadata, context
FROM events;
