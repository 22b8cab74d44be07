-- Payload paths whose values are looked up. Which there are is said by whoever opens the log for writing; the events
-- know nothing of it.
CREATE TABLE payload_paths (
  pointer text COLLATE "C" PRIMARY KEY,
  path    text[] NOT NULL,
  number  integer NOT NULL UNIQUE,
  until   bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE payload_paths IS 'Payload paths (RFC 6901) whose values are looked up in the sealed blocks below until';
COMMENT ON COLUMN payload_paths.path IS 'The pointer step by step, unescaped';
COMMENT ON COLUMN payload_paths.number IS 'What the names of its indexes end in';

-- Indexes the values at a path in one block, which is sealed or about to be. They are hashed as jsonb, so that equal
-- values have one key, however they are written.
CREATE FUNCTION index_payload_path(block text, path text[], number integer) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  EXECUTE format(
    'CREATE INDEX IF NOT EXISTS %1$I ON %2$I (jsonb_hash_extended((payload::json #> %3$L::text[])::jsonb, 0), position)'
    ' WHERE (payload::json #> %3$L::text[]) IS NOT NULL',
    block || '_by_payload_' || number, block, path);
END
$$;
REVOKE ALL ON FUNCTION index_payload_path(text, text[], integer) FROM PUBLIC;

-- Indexes the next block for a path whose indexes do not reach as far as the log is sealed; whether there was one.
CREATE FUNCTION index_payload_paths() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  behind record;
BEGIN
  -- The seals' own lock, so that no block is sealed meanwhile.
  IF NOT pg_try_advisory_xact_lock(hashtextextended('annals seals of ' || current_schema(), 0)) THEN
    RETURN false;
  END IF;
  SELECT paths.pointer, paths.path, paths.number, seals.first, seals.until INTO behind
    FROM payload_paths AS paths JOIN seals ON seals.first = paths.until ORDER BY paths.number LIMIT 1;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM index_payload_path('events_' || behind.first, behind.path, behind.number);
  UPDATE payload_paths SET until = behind.until WHERE pointer = behind.pointer;
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION index_payload_paths() FROM PUBLIC;

-- As before, and the block also gets the indexes of the payload paths that reach as far as the log is sealed: what was
-- looked up before the block was sealed is looked up after it.
CREATE OR REPLACE FUNCTION seal_block() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  sealed bigint;
  full_until bigint;
  block text;
  covered record;
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
  FOR covered IN SELECT pointer, path, number FROM payload_paths WHERE until = sealed LOOP
    PERFORM index_payload_path(block, covered.path, covered.number);
    UPDATE payload_paths SET until = full_until WHERE pointer = covered.pointer;
  END LOOP;
  INSERT INTO seals (first, until, recorded_from)
    SELECT sealed, full_until, recorded_at FROM events WHERE position = sealed;
  RETURN full_until;
END
$$;
REVOKE ALL ON FUNCTION seal_block() FROM PUBLIC;
