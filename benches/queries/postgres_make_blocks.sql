SELECT make_blocks($1, $2)
