-- What follows from the events: where to look for them, and their numbers. Verification recomputes it.

-- A block that is full is sealed: its look-ups are built, all at once, which costs a part of what it costs to keep
-- them up with every append. Until then every process knows by itself what is in it.
CREATE TABLE seals (
  first         bigint PRIMARY KEY,
  until         bigint NOT NULL,
  recorded_from bigint NOT NULL
);
COMMENT ON TABLE seals IS 'The blocks that are full and have look-ups, in order and without gaps';
COMMENT ON COLUMN seals.recorded_from IS 'When the first event of the block was recorded';

-- Seals the first block that is full and not sealed; how far the log is sealed then. Nothing when there is none, or
-- another process is at it.
CREATE FUNCTION seal_block() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  sealed bigint;
  full_until bigint;
  block text;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('annals seals of ' || current_schema(), 0)) THEN
    RETURN NULL;
  END IF;
  -- A statement of its own, so that it sees what whoever held the lock has made.
  SELECT coalesce(max(until), 0) INTO sealed FROM seals;
  SELECT blocks.until INTO full_until FROM blocks, head
    WHERE head.id = 1 AND blocks.first = sealed AND blocks.until <= head.size;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  block := 'events_' || sealed;
  -- Hashed keys, so that they are short whatever the names are, and in the order of reading.
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (event_id)', block || '_by_event_id', block);
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (hashtextextended(aggregate_id, 0), position)',
    block || '_by_aggregate_id', block);
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (hashtextextended(event_type, 0), position)',
    block || '_by_event_type', block);
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (hashtextextended(actor_id, 0), position)',
    block || '_by_actor', block);
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (hashtextextended(metadata::json ->> ''correlationId'', 0), position)'
    ' WHERE (metadata::json ->> ''correlationId'') IS NOT NULL', block || '_by_correlation', block);
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I USING gin ((tags::jsonb)) WHERE tags <> ''[]''',
    block || '_by_tag', block);
  INSERT INTO seals (first, until, recorded_from)
    SELECT sealed, full_until, recorded_at FROM events WHERE position = sealed;
  RETURN full_until;
END
$$;
REVOKE ALL ON FUNCTION seal_block() FROM PUBLIC;

-- The tables below say what the events below a position come to. They are filled behind the appends, in their
-- order; whoever asks adds the events from there on.
CREATE TABLE summary (
  id   smallint PRIMARY KEY CHECK (id = 1),
  size bigint NOT NULL
);
COMMENT ON TABLE summary IS 'How many events are summed up in the tables streams, counters, hours and zones: one row';

CREATE TABLE streams (
  aggregate_type text COLLATE "C" NOT NULL,
  aggregate_id   text COLLATE "C" NOT NULL,
  version        bigint NOT NULL,
  last_position  bigint NOT NULL,
  last_timestamp bigint NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id)
);
COMMENT ON TABLE streams IS 'The streams and their last events';

CREATE TABLE counters (
  kind  smallint NOT NULL,
  value text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (kind, value)
);
COMMENT ON TABLE counters IS 'How many events have a value; kind 1 event type, 2 aggregate type, 3 actor';

CREATE TABLE hours (
  hour  bigint PRIMARY KEY,
  count bigint NOT NULL
);
COMMENT ON TABLE hours IS 'How many events happened in each hour since 1970-01-01T00:00:00Z';

CREATE TABLE zones (
  zone     bigint PRIMARY KEY,
  earliest bigint NOT NULL,
  latest   bigint NOT NULL
);
COMMENT ON TABLE zones IS 'The least and greatest timestamp of each 1,024 positions, those that are summed up';

-- The first position below `size` whose event was recorded at `moment` or later; `size` when there is none. Times of
-- recording never go backwards, so it is found by halving.
CREATE FUNCTION first_recorded_from(moment bigint, size bigint) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT SET search_path FROM CURRENT AS $$
DECLARE
  low bigint := 0;
  high bigint := size;
  middle bigint;
  found bigint;
BEGIN
  WHILE low < high LOOP
    middle := low + (high - low) / 2;
    SELECT event.recorded_at INTO found FROM events AS event WHERE event.position = middle;
    IF found < moment THEN
      low := middle + 1;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN low;
END
$$;

-- A moment as people read it, exact to the microsecond.
CREATE FUNCTION moment(micros bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT timestamptz 'epoch' + (micros / 1000000) * interval '1 second' + (micros % 1000000) * interval '1 microsecond'
$$;

CREATE VIEW log_events AS
SELECT position, event_id, event_type, aggregate_type || '/' || aggregate_id AS aggregate, version, schema_version,
  moment(timestamp) AS timestamp, moment(recorded_at) AS recorded_at, actor_id, tags::jsonb AS tags,
  payload::jsonb AS payload, metadata::jsonb AS metadata, context::jsonb AS context
FROM events;
COMMENT ON VIEW log_events IS 'The log for people and for tools that come with SQL';
