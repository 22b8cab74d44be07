import { expect, test } from "vitest";
import { toHex } from "./bytes";
import { type EventFile, parseEventFile } from "./eventFile";
import { recomputeLeaf } from "./leafEntry";
import { tlogVector, vector } from "./vectors";

interface WorkedExample {
  event: { payload: string; metadata: string; context: string; tags: string[] };
  secret: string;
  salts: Record<string, string>;
  commitments: Record<string, string>;
  entry: string;
  leafHash: string;
}

test("recomputes every intermediate value of the documentation's worked example", async () => {
  const example = tlogVector("worked-example.json") as WorkedExample;
  const { payload, metadata, context, ...event } = example.event;
  const file = {
    ...event,
    payloadText: payload,
    metadataText: metadata,
    contextText: context,
    opening: { secret: example.secret },
  } as unknown as EventFile;
  const leaf = await recomputeLeaf(file);
  expect(Object.fromEntries(leaf.commitments.map(({ field, salt }) => [field, salt]))).toEqual(example.salts);
  expect(Object.fromEntries(leaf.commitments.map(({ field, commitment }) => [field, commitment]))).toEqual(
    example.commitments,
  );
  expect(leaf.entry).toBe(example.entry);
  expect(toHex(leaf.hash)).toBe(example.leafHash);
});

test.each([0, 49, 56])("recomputes the leaf of the recorded event at position %i", async (position) => {
  const leaf = await recomputeLeaf(parseEventFile(vector(`${position}.event.json`)));
  expect(toHex(leaf.hash)).toBe(vector("leaves.hex").split("\n")[position]);
});

test("an erased field is vouched for by its commitment, and the others by their salts", async () => {
  const whole = parseEventFile(vector("49.event.json"));
  const before = await recomputeLeaf(whole);
  const of = (field: string) => before.commitments.find((working) => working.field === field);
  const { actorId: _, ...rest } = whole;
  const salts = Object.fromEntries(
    before.commitments.filter(({ field }) => field !== "actorId").map(({ field, salt }) => [field, salt]),
  );
  const erased: EventFile = { ...rest, erased: { actorId: of("actorId")?.commitment ?? "" }, opening: { salts } };
  expect((await recomputeLeaf(erased)).hash).toEqual(before.hash);
});

test.each([
  ["a space more", (text: string) => text.replace('"position": 49', '"position":  49'), /form was changed/],
  [
    "another order",
    (text: string) => text.replace(/ {2}"eventType": .*\n/, "").replace("{\n", '{\n  "eventType": "InvoiceNoted",\n'),
    /form was changed/,
  ],
  ["a member twice", (text: string) => text.replace("{\n", '{\n  "position": 49,\n'), /form was changed/],
  ["an unknown member", (text: string) => text.replace("{\n", '{\n  "approved": true,\n'), /approved is unknown/],
  ["a missing member", (text: string) => text.replace(/ {2}"version".*\n/, ""), /version is missing/],
  ["a short secret", (text: string) => text.replace(/"secret": "../, '"secret": "'), /16 bytes/],
  ["no JSON", () => "position 49", /not JSON/],
])("refuses an event file with %s", (_, change, reason) => {
  const text = change(vector("49.event.json"));
  expect(() => parseEventFile(text)).toThrow(reason);
});
