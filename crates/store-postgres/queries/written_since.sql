-- What others wrote between two sizes of the log.
SELECT event_id, aggregate_type, aggregate_id, version FROM events
WHERE position >= $1 AND position < $2 ORDER BY position
