INSERT INTO verifier_keys (vkey) VALUES (?1)
