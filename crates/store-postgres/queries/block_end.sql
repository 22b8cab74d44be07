-- Where the block ends that holds the last of $1 events.
SELECT until FROM blocks WHERE first < $1 ORDER BY first DESC LIMIT 1
