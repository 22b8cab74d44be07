import { type Bytes, concat, fromBase64, toHex, utf8 } from "./bytes";
import { sha256 } from "./hash";
import { Refusal } from "./refusal";

/** The type of Ed25519 keys and signatures in signed-note. */
const ED25519 = 1;

/** A log's public key. Its text, `name+id+base64(0x01 ‖ key)`, is what the C2SP formats call a vkey. */
export interface VerifierKey {
  readonly name: string;
  /** Eight digits of hex: the beginning of SHA-256(name ‖ newline ‖ 0x01 ‖ key). */
  readonly id: string;
  readonly publicKey: Bytes;
  readonly text: string;
}

/** Reads a vkey and checks that its id is that of its name and key. */
export async function parseVerifierKey(text: string): Promise<VerifierKey> {
  const refused = (reason: string) => new Refusal("key-malformed", `this is no public key of a log: ${reason}`);
  const [name, id, ...rest] = text.trim().split("+");
  if (!name || id === undefined || rest.length === 0) {
    throw refused("it does not consist of a name, an id and a key with + between them");
  }
  // The base64 of the key may hold a + itself.
  const typed = fromBase64(rest.join("+"));
  if (typed === undefined) throw refused("its key is not base64");
  if (typed[0] !== ED25519) throw refused("its key is of another type than Ed25519");
  if (typed.length !== 33) throw refused("its key does not have 32 bytes");
  const digest = await sha256(concat(utf8(`${name}\n`), typed));
  if (toHex(digest.slice(0, 4)) !== id.toLowerCase()) throw refused("its id is not that of its name and key");
  return { name, id: id.toLowerCase(), publicKey: typed.slice(1), text: text.trim() };
}

/** Reads a file of vkeys, one a line. */
export function parseVerifierKeys(text: string): Promise<VerifierKey[]> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Promise.all(lines.map(parseVerifierKey));
}
