import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, openPage, seriousFindings } from "./browser";
import { type ServedLog, serveLog } from "./servedLog";

let browser: Browser;
let log: ServedLog;

/** Records of another program, of which the mapping refuses all but the first. */
const IMPORTED = {
  file: "orders.jsonl",
  lines: [
    '{"order":"o-1","total": 12.50}',
    '{"order":"o-2"}',
    '{"order":"o-3", "note":"test, to be thrown away"}',
    '{"order":"o-4"}',
  ],
  program: `if has("total") then {eventType: "OrderPlaced", aggregateType: "Order", aggregateId: .order}
    else error("the order \\(.order) has no total") end`,
};

beforeAll(async () => {
  [browser, log] = await Promise.all([openBrowser(), serveLog({ holds: "nothing", imported: IMPORTED })]);
});

afterAll(async () => {
  await browser?.close();
  await log?.stop();
});

async function openLetters(search = ""): Promise<Page> {
  const { page } = await openPage(browser, log.address);
  await page.goto(`/dead-letters${search}`);
  return page;
}

/** The part of the page that shows a letter. */
const letterOf = (page: Page, order: string) =>
  page.getByRole("listitem").filter({ hasText: `the order ${order} has` });

async function answered(path: string) {
  const answer = await fetch(`${log.address}/v1${path}`);
  return (await answer.json()) as Record<string, never> & { items: Record<string, unknown>[] };
}

test("what an import could not store is listed with its source, its place, its reason and its text", async () => {
  const page = await openLetters();
  const letter = letterOf(page, "o-2");
  await letter.getByText("orders.jsonl at 2").waitFor();
  await letter.getByRole("link", { name: "mapping-refused" }).waitFor();
  expect(await letter.getByRole("textbox").inputValue()).toBe(IMPORTED.lines[1]);
  expect(await page.getByRole("textbox", { name: /^Dead letter/ }).count()).toBe(3);
  expect(await seriousFindings(page)).toEqual([]);
  await page.context().close();
});

test("one is mended and stored by one act, and one that is still no event stays as it was written", async () => {
  const page = await openLetters();
  const letter = letterOf(page, "o-2");
  await letter.getByRole("button", { name: "Retry" }).click();
  await letter.getByRole("alert").getByText("payload is missing").waitFor();
  const mended = '{"eventType":"OrderPlaced","aggregate":"Order/o-2","payload":{"order":"o-2", "total": 7.50}}';
  await letter.getByRole("textbox").fill(mended.replace('"aggregate":"Order/o-2",', ""));
  await letter.getByRole("button", { name: "Mend and retry" }).click();
  await letter
    .getByRole("alert")
    .getByText(/aggregate\w* is missing/)
    .waitFor();
  await letter.getByRole("textbox").fill(mended);
  await letter.getByRole("button", { name: "Mend and retry" }).click();
  await page.getByRole("status").getByRole("link", { name: "the event at position 1" }).click();
  await page.getByRole("complementary", { name: "Detail" }).getByText("7.50").waitFor();
  const event = await answered("/events/1?raw=true");
  expect(event).toMatchObject({ payloadText: '{"order":"o-2", "total": 7.50}', aggregateId: "o-2" });
  expect(await answered("/dead-letters/1")).toMatchObject({ state: "retried", record: IMPORTED.lines[1] });
  await page.context().close();
});

test("one is put away once somebody says so twice, and is kept", async () => {
  const page = await openLetters();
  const letter = letterOf(page, "o-3");
  await letter.getByRole("button", { name: "Discard" }).click();
  await letter.getByRole("button", { name: "Keep it open" }).click();
  await letter.getByRole("button", { name: "Discard" }).click();
  await letter.getByRole("button", { name: "Put it away" }).click();
  await page.getByText("Dead letter 2 was put away").waitFor();
  await page.getByText("Put away", { exact: true }).click();
  await letterOf(page, "o-3").getByRole("textbox").waitFor();
  await page.reload();
  expect(await letterOf(page, "o-3").getByRole("textbox").inputValue()).toBe(IMPORTED.lines[2]);
  expect(await letterOf(page, "o-3").getByRole("button").count()).toBe(0);
  await page.context().close();
});

test("one is read in the form in which its source writes", async () => {
  const page = await openLetters();
  await page.getByLabel("read as").selectOption("microservice");
  await page.waitForURL(/form=microservice/);
  const letter = letterOf(page, "o-4");
  await letter
    .getByRole("textbox")
    .fill(
      '{"eventId":"evt_4","eventType":"OrderPlaced","aggregateId":"o-4","aggregateType":"Order","timestamp":"2026-11-20T10:30:00Z","version":1,"payload":{"total":1},"metadata":{}}',
    );
  await letter.getByRole("button", { name: "Mend and retry" }).click();
  await page.getByRole("status").getByRole("link", { name: "the event at position 2" }).waitFor();
  await page.getByText("or was dealt with").waitFor();
  expect(await answered("/events/2")).toMatchObject({ aggregateId: "o-4", context: { sourceEventId: "evt_4" } });
  await page.context().close();
});

test("each act is recorded, the refused ones too", async () => {
  const { items } = await answered("/logs/access/events?type=Administered&order=asc");
  const acts = items.map(({ payload }) => payload as { path: string; status: number });
  expect(acts.map(({ path, status }) => `${path} ${status}`)).toEqual([
    "/v1/dead-letters/1/retry 400",
    "/v1/dead-letters/1/retry 400",
    "/v1/dead-letters/1/retry 201",
    "/v1/dead-letters/2/discard 200",
    "/v1/dead-letters/3/retry 201",
  ]);
  const page = await openLetters();
  await page.goto("/access?type=Administered");
  await page.getByRole("row").filter({ hasText: "/v1/dead-letters/2/discard" }).waitFor();
  await page.context().close();
});
