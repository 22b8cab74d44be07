-- Sums up at most $1 further events below $2, a size of the log that was read before: a statement that reads it itself
-- may have been planned without the newest block. How many are summed up then.
WITH part AS MATERIALIZED (
  SELECT event.event_type, event.aggregate_type, event.aggregate_id, event.version, event.position, event.timestamp,
    event.actor_id
  FROM events AS event, summary
  WHERE summary.id = 1 AND event.position >= summary.size AND event.position < least(summary.size + $1, $2::bigint)
), of_streams AS (
  INSERT INTO streams (aggregate_type, aggregate_id, version, last_position, last_timestamp)
  SELECT DISTINCT ON (aggregate_type, aggregate_id) aggregate_type, aggregate_id, version, position, timestamp
  FROM part WHERE aggregate_id IS NOT NULL
  ORDER BY aggregate_type, aggregate_id, position DESC
  ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE
  SET version = excluded.version, last_position = excluded.last_position, last_timestamp = excluded.last_timestamp
), of_values AS (
  INSERT INTO counters (kind, value, count)
  SELECT kind, value, count(*) FROM (
    SELECT 1, event_type FROM part
    UNION ALL SELECT 2, aggregate_type FROM part
    UNION ALL SELECT 3, actor_id FROM part WHERE actor_id IS NOT NULL
  ) AS counted (kind, value)
  GROUP BY kind, value
  ON CONFLICT (kind, value) DO UPDATE SET count = counters.count + excluded.count
), of_hours AS (
  INSERT INTO hours (hour, count)
  SELECT floor(timestamp / 3600000000::numeric)::bigint, count(*) FROM part GROUP BY 1
  ON CONFLICT (hour) DO UPDATE SET count = hours.count + excluded.count
), of_zones AS (
  INSERT INTO zones (zone, earliest, latest)
  SELECT position / 1024, min(timestamp), max(timestamp) FROM part GROUP BY 1
  ON CONFLICT (zone) DO UPDATE
  SET earliest = least(zones.earliest, excluded.earliest), latest = greatest(zones.latest, excluded.latest)
)
UPDATE summary SET size = least(summary.size + $1, $2::bigint) WHERE summary.id = 1 RETURNING summary.size
