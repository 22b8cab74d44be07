SELECT pg_advisory_xact_lock(hashtextextended('annals migration ' || $1, 0))
