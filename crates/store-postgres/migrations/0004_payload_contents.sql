-- What payloads contain, and the order of their values, are looked up too. Both kinds of index are built block by block
-- behind the appends; a block that lacks one is scanned, so nothing needs to say how far they go.

CREATE TABLE containment (
  id     smallint PRIMARY KEY CHECK (id = 1),
  is_hot boolean NOT NULL
);
COMMENT ON TABLE containment IS 'Whether blocks get an index of what their payloads contain: no row, or one';
COMMENT ON COLUMN containment.is_hot IS 'Whether they get it before they are written, or once they are sealed';

-- A number of a payload as a short key; nothing for other values. A number that is greater has no smaller key. What is
-- nearer to 0 than 1e-300 is rounded, since doubles end there.
CREATE FUNCTION payload_number(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(value) = 'number'
    THEN round(value::numeric, least(scale(value::numeric), 300))::double precision END
$$;

-- A string of a payload as a short key; nothing for other values. A string that is greater has no smaller key.
CREATE FUNCTION payload_text(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(value) = 'string' THEN left(value #>> '{}', 64) END
$$;

-- Builds the next index that a block lacks; whether there was one. Blocks that are still empty come first, since
-- whoever writes them later waits for it otherwise; then those that are sealed, where nobody waits.
CREATE FUNCTION index_payload_contents() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  lacking record;
BEGIN
  -- The seals' own lock, so that no block is sealed meanwhile.
  IF NOT pg_try_advisory_xact_lock(hashtextextended('annals seals of ' || current_schema(), 0)) THEN
    RETURN false;
  END IF;
  SELECT wanted.* INTO lacking FROM (
    SELECT blocks.first, seals.first IS NOT NULL AS is_sealed, 'events_' || blocks.first AS block,
      'events_' || blocks.first || '_by_content' AS name, 'gin ((payload::jsonb) jsonb_path_ops)' AS definition
    FROM containment CROSS JOIN head JOIN blocks ON true LEFT JOIN seals ON seals.first = blocks.first
    WHERE seals.first IS NOT NULL OR (containment.is_hot AND blocks.first >= head.size)
    UNION ALL
    SELECT seals.first, true, 'events_' || seals.first, 'events_' || seals.first || '_by_order_' || paths.number,
      format(
        'btree (payload_number((payload::json #> %1$L::text[])::jsonb), (payload_text((payload::json #> %1$L::text[])::jsonb)) COLLATE "C")'
        ' WHERE (payload::json #> %1$L::text[]) IS NOT NULL', paths.path)
    FROM seals CROSS JOIN payload_paths AS paths
  ) AS wanted
  WHERE NOT EXISTS (
    SELECT FROM pg_class
    WHERE relname = wanted.name AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
  )
  ORDER BY wanted.is_sealed, wanted.first LIMIT 1;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE INDEX %I ON %I USING %s', lacking.name, lacking.block, lacking.definition);
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION index_payload_contents() FROM PUBLIC;
