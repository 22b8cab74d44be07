import { expect, test } from "vitest";
import { utf8 } from "./bytes";
import { parseCheckpoint, verifyCheckpoint } from "./checkpoint";
import { verifyByScript, verifyEd25519 } from "./ed25519";
import { parseNote, verifyNote } from "./note";
import { tlogVector, vector } from "./vectors";
import { parseVerifierKey, parseVerifierKeys } from "./verifierKey";

interface SignedNotes {
  specification: { vkey: string; note: string };
  go: { vkey: string; otherVkey: string; noteOfBoth: string; malformedVkeys: string[]; malformedNotes?: string[] };
}

const notes = tlogVector("signed-notes.json") as SignedNotes;

test("accepts the notes of the specification and of Go's implementation", async () => {
  const specified = await parseVerifierKey(notes.specification.vkey);
  expect(await verifyNote(parseNote(notes.specification.note), [specified])).toEqual([specified]);
  const both = [await parseVerifierKey(notes.go.vkey), await parseVerifierKey(notes.go.otherVkey)];
  expect(await verifyNote(parseNote(notes.go.noteOfBoth), both)).toEqual(both);
});

test("refuses malformed keys", async () => {
  for (const vkey of notes.go.malformedVkeys) await expect(parseVerifierKey(vkey)).rejects.toThrow(/no public key/);
});

test("the browser and the script agree on what is signed", async () => {
  const [key] = await parseVerifierKeys(vector("log.vkey"));
  const note = parseNote(vector("late.checkpoint"));
  const [signature] = note.signatures;
  if (key === undefined || signature === undefined) throw new Error("the vectors are empty");
  for (const verify of [verifyEd25519, verifyByScript]) {
    expect(await verify(key.publicKey, utf8(note.text), signature.signature)).toBe(true);
    expect(await verify(key.publicKey, utf8(`${note.text} `), signature.signature)).toBe(false);
    expect(await verify(key.publicKey, utf8(note.text), signature.signature.slice(1))).toBe(false);
  }
});

test("a checkpoint of another log than the key's is refused, though the key signed it", async () => {
  const [key] = await parseVerifierKeys(vector("log.vkey"));
  if (key === undefined) throw new Error("the vectors are empty");
  const checkpoint = parseCheckpoint(vector("late.checkpoint"));
  const foreign = { ...checkpoint, origin: "example.com/other" };
  await expect(verifyCheckpoint(foreign, [key])).rejects.toMatchObject({ code: "foreign-checkpoint" });
});

test.each([
  "",
  "no signature\n",
  "text\n\n- name AAAAAAA=\n",
  "text\n\n\u2014 name AAA\n",
  "tab\there\n\n\u2014 n AAAAAAA=\n",
])("refuses the note %j", (note) => {
  expect(() => parseNote(note)).toThrow();
});
