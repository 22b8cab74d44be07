INSERT INTO main.verifier_keys SELECT * FROM source.verifier_keys
