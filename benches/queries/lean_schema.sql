-- The table that one would write for an audit trail without a second thought: three indexes, each of which keeps
-- something that such a table must be able to say.
CREATE TABLE events (
  position       INTEGER PRIMARY KEY,
  event_id       BLOB NOT NULL,
  event_type     TEXT NOT NULL,
  aggregate_type TEXT NOT NULL,
  aggregate_id   TEXT NOT NULL,
  version        INTEGER NOT NULL,
  schema_version INTEGER NOT NULL,
  timestamp      INTEGER NOT NULL,
  recorded_at    INTEGER NOT NULL,
  actor_id       TEXT NOT NULL,
  tags           TEXT NOT NULL,
  payload        TEXT NOT NULL,
  metadata       TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX events_by_id ON events (event_id);
CREATE UNIQUE INDEX events_by_stream ON events (aggregate_type, aggregate_id, version);
CREATE INDEX events_by_type ON events (event_type, timestamp);
