-- How many events the summary counts that are not there, if any; none that say so is one row too few.
SELECT count(*), coalesce(max(summary.size - head.size), 0) FROM summary, head WHERE head.id = 1
