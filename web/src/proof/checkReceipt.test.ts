import { expect, test } from "vitest";
import { toBase64 } from "./bytes";
import { checkReceipt } from "./checkReceipt";
import { parseReceipt } from "./receiptFile";
import { vector } from "./vectors";
import { parseVerifierKeys } from "./verifierKey";

const receipt = vector("49.receipt");
const event = vector("49.event.json");
const keys = await parseVerifierKeys(vector("log.vkey"));
const otherKeys = await parseVerifierKeys("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");

const reasonOf = (verdict: { holds: boolean; refusal?: { code: string } }) => verdict.refusal?.code;

test.each([0, 49, 56])("what the command line issued for position %i holds", async (position) => {
  const check = await checkReceipt(vector(`${position}.receipt`), vector(`${position}.event.json`), keys);
  expect(check).toMatchObject({ holds: true, path: { holds: true }, signature: { holds: true } });
  expect(check.event.position).toBe(position);
});

test.each([
  ["the payload", 'price\\": 99.90', 'price\\": 99.91'],
  ["the payload by a digit that doubles lose", "12345678901234567890", "12345678901234567891"],
  ["the actor", "jörg", "jorg"],
  ["a tag", "zoë:1", "zoë:2"],
  ["the time by a microsecond", "08:00:00.123456Z", "08:00:00.123457Z"],
  ["the version", '"version": 1', '"version": 2'],
  ["the type", "InvoiceNoted", "InvoiceVoted"],
  ["the context", '"contextText": "{\\"source\\":\\"cli\\"}"', '"contextText": "{\\"source\\":\\"api\\"}"'],
  ["the secret", '"secret": "b0', '"secret": "b1'],
])("an event whose file alters %s leads to another root", async (_, from, to) => {
  expect(event).toContain(from);
  const check = await checkReceipt(receipt, event.replace(from, to), keys);
  expect(check.holds).toBe(false);
  expect(reasonOf(check.path)).toBe("root-mismatch");
  expect(check.signature.holds).toBe(true);
});

test("an altered hash on the way is refused, and the way is still told", async () => {
  const [hash] = parseReceipt(receipt).proof;
  const altered = toBase64(Uint8Array.from(hash ?? [], (byte, at) => (at === 0 ? byte ^ 1 : byte)));
  const check = await checkReceipt(receipt.replace(toBase64(hash ?? new Uint8Array()), altered), event, keys);
  expect(reasonOf(check.path)).toBe("root-mismatch");
  expect(check.path.working).toHaveLength(6);
});

test("a receipt for another position is refused", async () => {
  await expect(checkReceipt(vector("56.receipt"), event, keys)).rejects.toMatchObject({ code: "positions-differ" });
  const moved = await checkReceipt(receipt.replace("index 49", "index 48"), event.replace("49", "48"), keys);
  expect(reasonOf(moved.path)).toBe("root-mismatch");
  const outside = await checkReceipt(receipt.replace("index 49", "index 57"), event.replace("49", "57"), keys);
  expect(reasonOf(outside.path)).toBe("leaf-outside-tree");
});

test("a checkpoint that the key did not sign is refused", async () => {
  const resized = await checkReceipt(receipt.replace("\n57\n", "\n58\n"), event, keys);
  expect(reasonOf(resized.signature)).toBe("signature-invalid");
  const foreign = await checkReceipt(receipt, event, otherKeys);
  expect(reasonOf(foreign.signature)).toBe("not-signed-by-key");
  expect(foreign.holds).toBe(false);
  const renamed = await checkReceipt(receipt.replace("example.com/invoices\n57", "example.com/other\n57"), event, keys);
  expect(reasonOf(renamed.signature)).toBe("signature-invalid");
});

test.each([
  ["another header", (text: string) => text.replace("@v1", "@v2"), /first line/],
  ["no index", (text: string) => text.replace("index 49\n", ""), /no index/],
  ["an index in another spelling", (text: string) => text.replace("index 49", "index 049"), /not a number/],
  ["no checkpoint", (text: string) => text.split("\n\n")[0] ?? "", /no checkpoint/],
  ["a hash that is none", (text: string) => text.replace("\nIwwV", "\nIww"), /not a hash/],
  ["a hash too many", (text: string) => text.replace("\n\n", `\n${"A".repeat(43)}=\n\n`), undefined],
])("refuses a receipt with %s", async (_, change, reason) => {
  const checking = checkReceipt(change(receipt), event, keys);
  if (reason !== undefined) await expect(checking).rejects.toThrow(reason);
  else expect(reasonOf((await checking).path)).toBe("proof-length");
});
