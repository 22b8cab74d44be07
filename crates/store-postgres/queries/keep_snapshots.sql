INSERT INTO snapshots (aggregate_type, aggregate_id, reducer, version, greatest_timestamp, state, hash)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int8[], $6::text[], $7::bytea[])
ON CONFLICT (aggregate_type, aggregate_id, reducer, version)
DO UPDATE SET greatest_timestamp = excluded.greatest_timestamp, state = excluded.state, hash = excluded.hash
