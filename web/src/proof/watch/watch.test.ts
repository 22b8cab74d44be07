import { beforeEach, expect, test, vi } from "vitest";
import type { LogClient } from "@/client/AnnalsClient";
import { toBase64 } from "../bytes";
import { hashNode } from "../hash";
import { vector } from "../vectors";
import { readKept } from "./kept";
import { watchLog } from "./watch";

const KEY = vector("log.vkey").trim();
const OTHER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const early = vector("early.checkpoint");
const late = vector("late.checkpoint");

/** A consistency proof from the 49 to the 57 leaves of the vectors, by RFC 6962 section 2.1.2 word by word. */
async function growthProof(): Promise<string[]> {
  const leaves = vector("leaves.hex")
    .trim()
    .split("\n")
    .map((line) => Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(line.slice(2 * at, 2 * at + 2), 16)));
  const rootOf = async (part: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> => {
    if (part.length === 1) return part[0] ?? new Uint8Array();
    const k = 2 ** (Math.ceil(Math.log2(part.length)) - 1);
    return hashNode(await rootOf(part.slice(0, k)), await rootOf(part.slice(k)));
  };
  // 49 = 32 + 16 + 1: the last leaf of the old tree, what stands beside it, and the two subtrees to its left.
  const parts = [leaves.slice(48, 49), leaves.slice(49, 50), leaves.slice(50, 52), leaves.slice(52, 56)];
  const right = [leaves.slice(56, 57), leaves.slice(32, 48), leaves.slice(0, 32)];
  return (await Promise.all([...parts, ...right].map(rootOf))).map(toBase64);
}

const server = (checkpoint: string, keys = [KEY], proof: readonly string[] = []): LogClient =>
  ({
    checkpoint: async () => checkpoint,
    verifierKeys: async () => keys,
    consistency: async (from: number, to: number) => ({ from, to, proof }),
  }) as unknown as LogClient;

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

test("the first visit trusts the key that it is told, and keeps it", async () => {
  const proof = await watchLog("main", server(early));
  expect(proof).toMatchObject({ state: "verified", extended: undefined });
  expect(readKept("main")).toMatchObject({ keys: [KEY], checkpoint: early });
});

test("a log that grew extends what was kept", async () => {
  await watchLog("main", server(early));
  const proof = await watchLog("main", server(late, [KEY], await growthProof()));
  expect(proof).toMatchObject({ state: "verified", extended: { from: { size: 49 } } });
  expect(readKept("main")?.checkpoint).toBe(late);
});

test.each([
  ["a log that was cut back", () => server(early), "sizes-reversed"],
  ["another key", () => server(late, [OTHER_KEY]), undefined],
  ["an altered checkpoint", () => server(late.replace("\n57\n", "\n58\n")), "signature-invalid"],
])("after a visit, %s is found out or makes no difference", async (_, changed, code) => {
  await watchLog("main", server(late));
  const proof = await watchLog("main", changed());
  if (code === undefined) expect(proof.state).toBe("verified");
  else expect(proof).toMatchObject({ state: "broken", refusal: { code } });
  expect(readKept("main")?.checkpoint).toBe(late);
});

test("a growth that is not proven is found out, and what was kept stays", async () => {
  await watchLog("main", server(early));
  const forged = (await growthProof()).with(0, (await growthProof())[1] ?? "");
  expect(await watchLog("main", server(late, [KEY], forged))).toMatchObject({
    state: "broken",
    refusal: { code: "root-mismatch" },
  });
  expect(readKept("main")?.checkpoint).toBe(early);
});
