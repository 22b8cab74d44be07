-- The greatest id of an event that is sealed; each block has it at the end of its look-up.
SELECT event_id FROM events WHERE position < {sealed} ORDER BY event_id DESC LIMIT 1
