SELECT index_payload_paths()
