SELECT seal_block()
