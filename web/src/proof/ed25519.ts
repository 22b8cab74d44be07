import type { Bytes } from "./bytes";

/**
 * Verifies an Ed25519 signature (RFC 8032), by the browser where it can, else by a script: WebCrypto is missing on pages
 * that came over plain HTTP from another machine, and older browsers lack the curve.
 */
export async function verifyEd25519(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const byBrowser = await verifyByBrowser(publicKey, message, signature);
  return byBrowser ?? verifyByScript(publicKey, message, signature);
}

async function verifyByBrowser(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean | undefined> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return undefined;
  try {
    const key = await subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
    return await subtle.verify("Ed25519", key, signature, message);
  } catch {
    // The browser does not know the curve, or the key is none; the script tells which.
    return undefined;
  }
}

/** The same without WebCrypto. */
export async function verifyByScript(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const [ed25519, { sha512 }] = await Promise.all([import("@noble/ed25519"), import("@noble/hashes/sha2.js")]);
  ed25519.hashes.sha512 = sha512;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    // It throws where the key or the signature cannot even be read.
    return false;
  }
}
