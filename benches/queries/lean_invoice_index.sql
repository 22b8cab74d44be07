CREATE INDEX events_by_invoice ON events (json_extract(payload, '$.invoice'))
