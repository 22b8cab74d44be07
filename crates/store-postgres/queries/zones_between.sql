-- Where the events lie that happened between two moments, each open if it is null: from the first position up to, not
-- including, the second; in a log of the third as its size, and only if all its events are summed up.
SELECT coalesce(min(zones.zone) * 1024, 0), coalesce(max(zones.zone) * 1024 + 1024, 0), head.size
FROM head JOIN summary ON summary.id = 1 AND summary.size = head.size
LEFT JOIN zones ON ($1::bigint IS NULL OR zones.latest >= $1) AND ($2::bigint IS NULL OR zones.earliest <= $2)
WHERE head.id = 1
GROUP BY head.size
