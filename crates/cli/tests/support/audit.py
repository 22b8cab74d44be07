"""Audits a published log with aics-tlog, as somebody does who has nothing but its address and its verifier key.

usage: audit.py URL VERIFIER_KEY [KEPT_CHECKPOINT_FILE]

Prints one JSON object: {"accepted": true, "size", "tiles", "bundles", "entries", "grewFrom"}, or
{"accepted": false, "reason"}. Only the package's own functions decide; nothing is computed here.
"""

import json
import sys
from pathlib import Path

import aics_tlog as tlog

# What the package raises for something that is there and wrong. A file that is missing is neither.
REJECTIONS = (ValueError, tlog.TileUnavailableError)


def trusted_head(note_bytes, key):
    note = tlog.parse_note(note_bytes)
    result = tlog.verify_checkpoint(note, key, expected_origin=key.name)
    if not result.ok:
        raise ValueError(f"checkpoint: {result.error}")
    return result


def audit(url, key, kept):
    reader = tlog.HttpTileReader(url, proxies={})
    head = trusted_head(reader.read_checkpoint(), key)
    report = tlog.audit_tiles(reader, head.size, head.root)
    # The audit has proven every tile and entry; these proofs are what a client of the log would ask for.
    tiles = tlog.VerifiedTileReader(reader, head.size, head.root)
    entries = []
    for index in sorted({0, head.size // 2, head.size - 1}):
        entry = tlog.read_entry(tiles, index, head.size)
        proof = tlog.inclusion_proof_from_tiles(tiles, index, head.size)
        if not tlog.verify_leaf_inclusion(entry, index, head.size, proof, head.root):
            raise ValueError(f"entry {index} is not included")
        entries.append({"index": index, "entry": json.loads(entry)})
    answer = {"accepted": True, "size": head.size, "tiles": report.tiles, "bundles": report.bundles}
    answer["entries"] = entries
    if kept is not None:
        old = trusted_head(Path(kept).read_bytes(), key)
        proof = tlog.consistency_proof_from_tiles(tiles, old.size, head.size)
        if not tlog.verify_consistency(old.size, head.size, old.root, head.root, proof):
            raise ValueError(f"the log of {head.size} is not consistent with the kept one of {old.size}")
        answer["grewFrom"] = old.size
    return answer


def main():
    url, key, *kept = sys.argv[1:]
    try:
        answer = audit(url, tlog.parse_vkey(key), kept[0] if kept else None)
    except REJECTIONS as error:
        answer = {"accepted": False, "reason": str(error)}
    print(json.dumps(answer))


main()
