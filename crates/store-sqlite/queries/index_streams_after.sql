SELECT aggregate_type, aggregate_id, version, last_position, last_timestamp FROM streams
WHERE (aggregate_type, aggregate_id) > (?1, ?2) AND (?3 IS NULL OR aggregate_type = ?3)
  AND (?4 IS NULL OR instr(lower(aggregate_id), ?4) > 0)
ORDER BY aggregate_type, aggregate_id LIMIT ?5
