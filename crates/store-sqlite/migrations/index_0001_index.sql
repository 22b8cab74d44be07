-- The index: look-ups over the truth up to a mark, disposable, rebuilt from the truth.

-- One row.
CREATE TABLE mark (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  -- The log that is indexed.
  origin        TEXT NOT NULL,
  -- Events below this position are indexed.
  size          INTEGER NOT NULL,
  -- The root of the log's tree at that size, so that an index of another log is not believed.
  root          BLOB NOT NULL,
  -- The indexed payload paths, a JSON array.
  payload_paths TEXT NOT NULL
) STRICT;

CREATE TABLE event_ids (
  event_id BLOB PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Positions of the events that have a term, a hashed value of one of their fields; whoever follows a term
-- looks at the event itself. A row holds the positions of one batch: the first, then the gaps between them.
-- Positions lie in blocks of 262,144, so that new rows come close together however long the log is.
CREATE TABLE postings (
  block    INTEGER NOT NULL,
  term     INTEGER NOT NULL,
  position INTEGER NOT NULL,
  gaps     BLOB NOT NULL,
  PRIMARY KEY (block, term, position)
) STRICT, WITHOUT ROWID;

-- Values at indexed payload paths, in an order that bytes keep.
CREATE TABLE payload_values (
  path     INTEGER NOT NULL,
  value    BLOB NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (path, value, position)
) STRICT, WITHOUT ROWID;

-- The least and greatest timestamp of each 1,024 positions.
CREATE TABLE zones (
  zone     INTEGER PRIMARY KEY,
  earliest INTEGER NOT NULL,
  latest   INTEGER NOT NULL
) STRICT;

-- The streams and their last events.
CREATE TABLE streams (
  aggregate_type TEXT NOT NULL,
  aggregate_id   TEXT NOT NULL,
  version        INTEGER NOT NULL,
  last_position  INTEGER NOT NULL,
  last_timestamp INTEGER NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX streams_by_id ON streams (aggregate_id);

-- How many events have a value; kind 1 event type, 2 aggregate type, 3 actor.
CREATE TABLE counters (
  kind  INTEGER NOT NULL,
  value TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

-- How many events happened in each hour since 1970-01-01T00:00:00Z.
CREATE TABLE hours (
  hour  INTEGER PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT;
