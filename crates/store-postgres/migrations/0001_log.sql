-- Everything that states a fact about one log, in a schema of its own; what is derived from it is in 0002.
-- It runs with the log's schema as the search path. Times are microseconds since 1970-01-01T00:00:00Z. Texts that
-- are compared or ordered are so by their bytes, whatever the database's own order is.

-- The steps that made this schema what it is.
CREATE TABLE migrations (
  number     integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE migrations IS 'The numbered steps that made this schema what it is';

CREATE TABLE log (
  id     smallint PRIMARY KEY CHECK (id = 1),
  origin text COLLATE "C" NOT NULL
);
COMMENT ON TABLE log IS 'The log''s identity: one row';
COMMENT ON COLUMN log.origin IS 'The first line of the log''s checkpoints';

-- Whoever appends changes this row, and so waits for whoever appended before: it makes the order. It is small and
-- has room beside it, so that a new version of it needs no new page and no index entry.
CREATE TABLE head (
  id          smallint PRIMARY KEY CHECK (id = 1),
  revision    bigint NOT NULL,
  size        bigint NOT NULL,
  recorded_at bigint,
  greatest_id uuid,
  frontier    bytea NOT NULL
) WITH (fillfactor = 10);
COMMENT ON TABLE head IS 'The state after the last commit: one row, bookkeeping, recomputed by verification';
COMMENT ON COLUMN head.revision IS 'How many commits wrote events or moved cursors: what was checked at one revision holds while it is the last';
COMMENT ON COLUMN head.size IS 'How many events there are; the next position';
COMMENT ON COLUMN head.recorded_at IS 'When the last event was recorded';
COMMENT ON COLUMN head.greatest_id IS 'The greatest event id: one that is greater is new without a look-up';
COMMENT ON COLUMN head.frontier IS 'The peaks of the Merkle tree, so that an append needs nothing older';

CREATE TABLE events (
  position       bigint NOT NULL,
  event_id       uuid NOT NULL,
  event_type     text COLLATE "C" NOT NULL,
  aggregate_type text COLLATE "C" NOT NULL,
  aggregate_id   text COLLATE "C",
  version        bigint NOT NULL,
  schema_version bigint NOT NULL,
  timestamp      bigint NOT NULL,
  recorded_at    bigint NOT NULL,
  actor_id       text COLLATE "C",
  tags           text COLLATE "C",
  payload        text COLLATE "C",
  metadata       text COLLATE "C",
  context        text COLLATE "C",
  secret         bytea,
  erasure        text COLLATE "C",
  leaf_hash      bytea NOT NULL,
  PRIMARY KEY (position)
) PARTITION BY RANGE (position);
COMMENT ON TABLE events IS 'The events, in blocks of positions. A committed field is null once it is erased; its commitment then stands in erasure';
COMMENT ON COLUMN events.position IS 'The place in the order of all events, and the leaf''s index in the tree';
COMMENT ON COLUMN events.tags IS 'The sorted tags as a JSON array without spaces';
COMMENT ON COLUMN events.payload IS 'The producer''s bytes, as is metadata; context is Annals''s own';
COMMENT ON COLUMN events.secret IS 'What opens the commitments of the leaf entry; null once a field is erased';
COMMENT ON COLUMN events.erasure IS '{"commitments":{field: hex},"salts":{field: hex}} once a field is erased';
COMMENT ON COLUMN events.leaf_hash IS 'RFC 6962 hash of the leaf entry';

CREATE TABLE blocks (
  first bigint PRIMARY KEY,
  until bigint NOT NULL
);
COMMENT ON TABLE blocks IS 'The partitions of events, each from its first position up to, not including, another';

CREATE TABLE subtrees (
  level smallint NOT NULL,
  n     bigint NOT NULL,
  hash  bytea NOT NULL,
  PRIMARY KEY (level, n)
);
COMMENT ON TABLE subtrees IS 'Roots of the complete subtrees of 256^level leaves, level 1 and above';

CREATE TABLE checkpoints (
  size bigint PRIMARY KEY,
  note text COLLATE "C" NOT NULL
);
COMMENT ON TABLE checkpoints IS 'Every signed checkpoint as it was signed';

CREATE TABLE verifier_keys (
  id   bigint PRIMARY KEY,
  vkey text COLLATE "C" NOT NULL
);
COMMENT ON TABLE verifier_keys IS 'The keys that signed or sign checkpoints, the current one last';

CREATE TABLE cursors (
  name  text COLLATE "C" PRIMARY KEY,
  value text COLLATE "C" NOT NULL,
  hash  bytea NOT NULL
);
COMMENT ON TABLE cursors IS 'Places of sources and readers: bookkeeping with a hash of its own';

CREATE TABLE snapshots (
  aggregate_type     text COLLATE "C" NOT NULL,
  aggregate_id       text COLLATE "C" NOT NULL,
  reducer            text COLLATE "C" NOT NULL,
  version            bigint NOT NULL,
  greatest_timestamp bigint NOT NULL,
  state              text COLLATE "C" NOT NULL,
  hash               bytea NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id, reducer, version)
);
COMMENT ON TABLE snapshots IS 'States of aggregates: a cache with a hash of its own';

CREATE TABLE dead_letters (
  id          bigint PRIMARY KEY,
  received_at bigint NOT NULL,
  state       text COLLATE "C" NOT NULL,
  source      text COLLATE "C" NOT NULL,
  place       text COLLATE "C" NOT NULL,
  code        text COLLATE "C" NOT NULL,
  reason      text COLLATE "C" NOT NULL,
  raw         bytea NOT NULL,
  hash        bytea NOT NULL
);
COMMENT ON TABLE dead_letters IS 'Inputs that could not become events, each with a hash of its own';

-- Facts are never changed. This guards against accidents; the proof is the Merkle tree. The triggers fire for the
-- owner and for replication too; whoever takes them away is found by verification.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: facts are never changed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON migrations EXECUTE FUNCTION refuse_change();
ALTER TABLE migrations ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log EXECUTE FUNCTION refuse_change();
ALTER TABLE log ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events EXECUTE FUNCTION refuse_change();
ALTER TABLE events ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON blocks EXECUTE FUNCTION refuse_change();
ALTER TABLE blocks ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON subtrees EXECUTE FUNCTION refuse_change();
ALTER TABLE subtrees ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints EXECUTE FUNCTION refuse_change();
ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON verifier_keys EXECUTE FUNCTION refuse_change();
ALTER TABLE verifier_keys ENABLE ALWAYS TRIGGER append_only;

-- Makes blocks of positions until there is one for every position below `wanted`; how far they go then. Whoever
-- appends needs no right to make tables. Attaching a new table hinders nobody who reads or appends meanwhile, as
-- making it a partition at once would.
CREATE FUNCTION make_blocks(wanted bigint, block_len bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  made_until bigint;
  block text;
BEGIN
  IF block_len < 16 THEN
    RAISE EXCEPTION 'blocks of % positions would be too many', block_len USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- A statement of its own, so that the next one sees what whoever held the lock has made.
  LOCK TABLE blocks IN SHARE ROW EXCLUSIVE MODE;
  SELECT coalesce(max(until), 0) INTO made_until FROM blocks;
  WHILE made_until < wanted LOOP
    block := 'events_' || made_until;
    EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING CONSTRAINTS INCLUDING COMMENTS)', block);
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', block);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', block);
    EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', block, made_until, made_until + block_len);
    INSERT INTO blocks (first, until) VALUES (made_until, made_until + block_len);
    made_until := made_until + block_len;
  END LOOP;
  RETURN made_until;
END
$$;
REVOKE ALL ON FUNCTION make_blocks(bigint, bigint) FROM PUBLIC;
