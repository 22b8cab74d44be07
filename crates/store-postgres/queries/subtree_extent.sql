SELECT level, count(*), min(n), max(n) FROM subtrees GROUP BY level
