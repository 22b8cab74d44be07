-- What a process needs that appends and reads: what states facts it may add and read, never change.
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};
GRANT INSERT ON events, subtrees, checkpoints, verifier_keys, dead_letters, payload_paths TO {role};
GRANT UPDATE ON head, summary TO {role};
GRANT UPDATE (state, hash) ON dead_letters TO {role};
GRANT INSERT, UPDATE ON cursors, streams, counters, hours, zones, containment TO {role};
GRANT INSERT, UPDATE, DELETE ON snapshots TO {role};
GRANT EXECUTE ON FUNCTION make_blocks(bigint, bigint), seal_block(), index_payload_paths(), index_payload_contents() TO {role};
