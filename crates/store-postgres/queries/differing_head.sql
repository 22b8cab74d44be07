-- What the head says that does not follow from the events, a sentence each.
SELECT 'the head''s time of recording is not the last event''s' FROM head
WHERE id = 1 AND recorded_at IS DISTINCT FROM (SELECT event.recorded_at FROM events AS event WHERE event.position = size - 1)
UNION ALL
SELECT 'the head''s greatest event id is not the events''' FROM head
WHERE id = 1 AND greatest_id IS DISTINCT FROM (SELECT event_id FROM events WHERE position < size ORDER BY event_id DESC LIMIT 1)
