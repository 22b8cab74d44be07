SELECT size FROM mark
