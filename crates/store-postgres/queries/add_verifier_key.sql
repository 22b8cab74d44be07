INSERT INTO verifier_keys (id, vkey) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM verifier_keys), $1)
