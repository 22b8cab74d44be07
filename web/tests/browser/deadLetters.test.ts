import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, openPage } from "./browser";
import { type ServedLog, serveLog } from "./servedLog";

let browser: Browser;
let log: ServedLog;

beforeAll(async () => {
  [browser, log] = await Promise.all([openBrowser(), serveLog()]);
});

afterAll(async () => {
  await browser?.close();
  await log?.stop();
});

const LETTER = {
  id: 7,
  state: "open",
  receivedAt: "2026-11-20T10:30:00.000000Z",
  source: "orders.jsonl",
  place: "17",
  code: "member-missing",
  reason: "the member eventType is missing",
  record: '{"aggregate": "Order/1", "payload": {"total": 99.90}}',
};

// Only sources that run beside a server leave dead letters in its log, so what it answers is said here.
test("a dead letter is mended as it was written, and the mended one is tried again", async () => {
  const { page } = await openPage(browser, log.address);
  const acts: string[] = [];
  await page.route(/\/v1\/dead-letters/, async (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname;
    if (request.method() !== "GET") acts.push(`${request.method()} ${path} ${request.postData() ?? ""}`.trim());
    if (request.method() === "PUT") return route.fulfill({ status: 201, json: { ...LETTER, id: 8 } });
    if (request.method() === "POST") return route.fulfill({ json: { events: [], repeated: false } });
    return route.fulfill({ json: { items: acts.length === 0 ? [LETTER] : [], next: null } });
  });
  await page.goto("/dead-letters");
  await page.getByText("the member eventType is missing").waitFor();
  const mended = LETTER.record.replace("{", '{"eventType": "OrderPlaced", ');
  await page.getByLabel("Dead letter 7").fill(mended);
  await page.getByRole("button", { name: "Mend and retry" }).click();
  await page.getByText("Everything that came in could be stored").waitFor();
  expect(acts).toEqual([`PUT /v1/dead-letters/7 ${mended}`, "POST /v1/dead-letters/8/retry"]);
  await page.context().close();
});
