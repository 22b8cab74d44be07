import { type Bytes, fromBase64, toHex, utf8 } from "./bytes";
import { verifyEd25519 } from "./ed25519";
import { clip } from "./hash";
import { Refusal } from "./refusal";
import type { VerifierKey } from "./verifierKey";

/** What every signature line begins with: an em dash and a space. */
const LEAD = "\u2014 ";

const SIGNATURES_MAX = 100;

/** A text with signatures under it (C2SP signed-note), none of which is verified yet. */
export interface Note {
  /** With its final newline: this is what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** Eight digits of hex. */
  readonly keyId: string;
  readonly signature: Bytes;
}

/** Reads a note, without verifying anything. */
export function parseNote(note: string): Note {
  const refused = (reason: string) => new Refusal("note-malformed", reason);
  const border = note.lastIndexOf("\n\n");
  if (border < 0 || !note.endsWith("\n")) throw refused("it is not a signed note: it has no signature lines");
  const text = note.slice(0, border + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what signed-note, "Format", forbids.
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw refused("its text holds control characters");
  const lines = note.slice(border + 2, -1).split("\n");
  if (lines.length > SIGNATURES_MAX) throw refused(`it has more than ${SIGNATURES_MAX} signatures`);
  return { text, signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const refused = () => new Refusal("note-malformed", `“${clip(line)}” is not a signature line`);
  const parts = line.startsWith(LEAD) ? line.slice(LEAD.length).split(" ") : [];
  const [name, encoded] = parts;
  const blob = encoded === undefined ? undefined : fromBase64(encoded);
  if (parts.length !== 2 || !name || blob === undefined || blob.length <= 4) throw refused();
  return { name, keyId: toHex(blob.slice(0, 4)), signature: blob.slice(4) };
}

/**
 * Verifies a note against keys that the caller trusts, and gives back those that signed it: at least one. Signatures
 * of other keys are ignored, as the specification demands; one that names a trusted key and is wrong is refused.
 */
export async function verifyNote(note: Note, keys: readonly VerifierKey[]): Promise<readonly VerifierKey[]> {
  const text = utf8(note.text);
  const signers: VerifierKey[] = [];
  for (const key of keys) {
    const own = note.signatures.filter(({ name, keyId }) => name === key.name && keyId === key.id);
    for (const { signature } of own) {
      if (await verifyEd25519(key.publicKey, text, signature)) continue;
      throw new Refusal("signature-invalid", `the signature of the key ${key.name}+${key.id} is wrong`);
    }
    if (own.length > 0) signers.push(key);
  }
  if (signers.length > 0) return signers;
  const named = note.signatures.map(({ name, keyId }) => `${name}+${keyId}`).join(", ");
  throw new Refusal("not-signed-by-key", `none of the trusted keys signed it; the keys it names are ${named}`);
}
