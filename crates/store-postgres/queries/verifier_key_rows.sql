SELECT id, vkey FROM verifier_keys ORDER BY id
