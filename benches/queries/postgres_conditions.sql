SELECT current_setting('server_version') AS version,
  (SELECT string_agg(name || ' = ' || current_setting(name), '; ' ORDER BY name) FROM pg_settings
    WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers', 'max_wal_size'))
    AS settings
