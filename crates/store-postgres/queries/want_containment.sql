-- Has blocks indexed by what their payloads contain from now on, before they are written if $1; never less than so far.
INSERT INTO containment (id, is_hot) VALUES (1, $1)
ON CONFLICT (id) DO UPDATE SET is_hot = true WHERE excluded.is_hot AND NOT containment.is_hot
