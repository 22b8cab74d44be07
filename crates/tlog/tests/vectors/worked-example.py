"""Recomputes worked-example.json from the event and its secret alone, with nothing but Python's standard library."""
import hashlib, json, pathlib, sys

example = json.loads(pathlib.Path(__file__).with_suffix(".json").read_text("utf-8"))
event, secret = example["event"], bytes.fromhex(example["secret"])
compact = lambda value: json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

texts = {name: event[name] for name in ("actorId", "aggregateId", "context", "metadata", "payload")}
texts["tags"] = compact(sorted(event["tags"], key=lambda tag: tag.encode()))
salts = {name: hashlib.sha256(secret + name.encode()).digest()[:16] for name in texts}
commitments = {name: hashlib.sha256(salts[name] + text.encode()).hexdigest() for name, text in texts.items()}
clear = ("aggregateType", "eventId", "eventType", "recordedAt", "schemaVersion", "timestamp", "version")
entry = compact({**commitments, **{name: str(event[name]) for name in clear}, "v": "1"})
leaf_hash = hashlib.sha256(b"\x00" + entry.encode()).hexdigest()

found = {"committedTexts": texts, "salts": {name: salt.hex() for name, salt in salts.items()},
         "commitments": commitments, "entry": entry, "leafHash": leaf_hash}
wrong = [name for name in found if found[name] != example.get(name)]
print(compact(found) if "--print" in sys.argv else f"differs: {wrong}" if wrong else leaf_hash)
sys.exit(bool(wrong))
