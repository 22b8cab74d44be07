SELECT hash FROM subtrees WHERE level = $1 AND n >= $2 AND n < $3 ORDER BY n
