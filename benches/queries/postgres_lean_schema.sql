-- The table that one would write for an audit trail without a second thought: three indexes, each of which keeps
-- something that such a table must be able to say.
CREATE TABLE lean (
  position       bigint NOT NULL,
  event_id       uuid NOT NULL,
  event_type     text NOT NULL,
  aggregate_type text NOT NULL,
  aggregate_id   text NOT NULL,
  version        bigint NOT NULL,
  schema_version bigint NOT NULL,
  timestamp      bigint NOT NULL,
  recorded_at    bigint NOT NULL,
  actor_id       text NOT NULL,
  tags           text NOT NULL,
  payload        text NOT NULL,
  metadata       text NOT NULL
);

CREATE UNIQUE INDEX lean_by_id ON lean (event_id);
CREATE UNIQUE INDEX lean_by_stream ON lean (aggregate_type, aggregate_id, version);
CREATE INDEX lean_by_type ON lean (event_type, timestamp);
