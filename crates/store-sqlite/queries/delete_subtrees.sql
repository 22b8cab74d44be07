DELETE FROM subtrees
