SELECT index_payload_contents()
