import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, openPage } from "./browser";
import { type ServedLog, serveLog } from "./servedLog";

let browser: Browser;
let log: ServedLog;

beforeAll(async () => {
  [browser, log] = await Promise.all([openBrowser(), serveLog()]);
  await log.append([
    {
      eventType: "Noted",
      aggregateType: "Note",
      aggregateId: "1",
      actorId: "jonas",
      tags: ["customer:42"],
      correlationId: "req-1",
      payload: { number: 7 },
    },
  ]);
});

afterAll(async () => {
  await browser?.close();
  await log?.stop();
});

/** What can be filtered by, with a value that some events have and others have not. */
const FILTERS: readonly (readonly [label: string, name: string, value: string])[] = [
  ["type", "type", "LineAdded"],
  ["aggregate type", "aggregateType", "Note"],
  ["aggregate", "aggregate", "Invoice/2026-105"],
  ["actor", "actor", "jonas"],
  ["tag", "tag", "customer:42"],
  ["correlation", "correlation", "req-1"],
  ["payload", "where", "/number = 7"],
];

test.each(FILTERS)("by %s, chosen by hand, shows what the server counts", async (label, name, value) => {
  const { page, complaints } = await openPage(browser, log.address);
  const counted = await fetch(`${log.address}/v1/counts?${new URLSearchParams({ [name]: value })}`);
  const { count } = (await counted.json()) as { count: number };
  expect(count).toBeGreaterThan(0);
  await page.goto("/events");
  await page.getByRole("button", { name: "Filter" }).click();
  const panel = page.getByRole("dialog", { name: "Add a filter" });
  await panel.getByText(label, { exact: true }).click();
  await panel.getByRole("textbox").fill(value);
  await panel.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText(count === 1 ? "1 event" : `${count} events`, { exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get(name)).toBe(value);
  await page.reload();
  await page.getByText(count === 1 ? "1 event" : `${count} events`, { exact: true }).waitFor();
  await page.getByRole("button", { name: `Without ${label} ${value}` }).click();
  await page.getByText("50 events", { exact: true }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("a value is chosen from those that there are", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "InvoiceSent" }).click();
  await page.waitForURL(/type=InvoiceSent/);
  await page.context().close();
});

test("time is chosen as a span that ends now, as a range, and by drawing on the histogram", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events");
  await page.getByRole("button", { name: "Any time" }).click();
  await page.getByRole("button", { name: "Last 1 hour" }).click();
  await page.getByText("1 event", { exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get("from")).toBe("1h");

  await page.getByRole("button", { name: "Last 1 hour" }).click();
  await page.getByLabel("since").fill("2026-10-01");
  await page.getByLabel("until").fill("2026-10-01");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/from=2026-10-01&to=2026-10-01/);

  await page.goto("/events?type=InvoiceDrafted");
  const histogram = page.getByRole("img", { name: /Events over time/ });
  await histogram.waitFor();
  const { x, y, width } = (await histogram.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  await page.mouse.move(x + 2, y + 20);
  await page.mouse.down();
  await page.mouse.move(x + width / 3, y + 20, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/from=2026-.*&to=2026-/);
  await page.context().close();
});

test("the search box offers names, values and aggregates, and takes one by keys", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events");
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("ty");
  await page.getByRole("option", { name: "actor:" }).waitFor({ state: "detached" });
  await page.getByRole("option", { name: "type: type", exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("InvoiceS");
  await page.getByRole("option", { name: "type:InvoiceDrafted" }).waitFor({ state: "detached" });
  await page.getByRole("option", { name: "type:InvoiceSent" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/type=InvoiceSent/);
  await page.keyboard.press("/");
  await page.keyboard.type("Invoice/2026-105");
  await page.getByRole("option", { name: "Invoice/2026-105" }).click();
  await page.waitForURL(/\/aggregates\/Invoice\/2026-105/);
  await page.context().close();
});
