SELECT aggregate_type FROM streams WHERE aggregate_id = ?1
