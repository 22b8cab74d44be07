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

/** The second key behind `g`, the address that it leads to, and the title there. */
const PLACES: readonly (readonly [key: string, address: RegExp, title: string])[] = [
  ["e", /\/events$/, "Events"],
  ["a", /\/aggregates$/, "Aggregates"],
  ["t", /\/traces$/, "Traces"],
  ["i", /\/integrity$/, "Integrity"],
  ["x", /\/export$/, "Export"],
  ["d", /\/dead-letters$/, "Dead letters"],
  ["c", /\/access\?log=access$/, "Access"],
  ["m", /\/trail/, "My trail"],
  ["o", /\/(\?.*)?$/, "Overview"],
];

test("two keys lead to every page", async () => {
  const { page, complaints } = await openPage(browser, log.address);
  await page.goto("/");
  await page.getByRole("heading", { name: "The last 24 hours" }).waitFor();
  for (const [key, address, title] of PLACES) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL(address);
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  }
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("a key lists the keys of the page, and others change theme and zone for good", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events");
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog");
  for (const does of ["Search", "Next event", "Open its aggregate", "Integrity"])
    await keys.getByText(does, { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await keys.waitFor({ state: "detached" });
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBe("light");
  await page.keyboard.press("t");
  expect(await theme()).toBe("dark");
  const zone = page.getByRole("banner").getByText("UTC");
  const [before] = [await zone.count()];
  await page.keyboard.press("z");
  await page.waitForTimeout(100);
  expect(await zone.count()).toBe(1 - before);
  await page.context().close();
});

test("an aggregate is found by its type and a part of its id", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/aggregates");
  await page.getByRole("navigation", { name: "Aggregate types" }).getByRole("link", { name: "Invoice" }).click();
  await page.waitForURL(/type=Invoice/);
  await page.getByLabel("Part of an id").fill("-105");
  await page.waitForURL(/search=-105/);
  await page.getByRole("link", { name: "2026-101" }).waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("link", { name: "Invoice/2026-105" }).click();
  await page.getByText("at version 7 of 7").waitFor();
  await page.context().close();
});

test("a trace shows what caused what, and leads to each of its events", async () => {
  const eventId = "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11";
  const told = (eventType: string, aggregateId: string, more: object) => ({
    eventType,
    aggregateType: "Order",
    aggregateId,
    correlationId: "order/7 ü",
    payload: {},
    ...more,
  });
  await log.append([
    told("OrderPlaced", "7", { eventId }),
    told("StockReserved", "8", { causationId: eventId }),
    told("ParcelSent", "7", { causationId: eventId }),
  ]);
  const { page } = await openPage(browser, log.address);
  await page.goto("/traces");
  await page.getByLabel("Correlation id").fill("order/7 ü");
  await page.keyboard.press("Enter");
  await page.getByText("3 events · 2 aggregates").waitFor();
  const rows = page.getByRole("list").getByRole("button");
  const told3 = await rows.allTextContents();
  expect(told3.map((text) => /^[A-Za-z]+?(?=Order\/)/.exec(text)?.[0])).toEqual([
    "OrderPlaced",
    "StockReserved",
    "ParcelSent",
  ]);
  await rows.filter({ hasText: "StockReserved" }).click();
  await page.getByRole("complementary", { name: "Detail" }).getByText(eventId).waitFor();
  await page.reload();
  await page.getByRole("complementary", { name: "Detail" }).getByText(eventId).waitFor();
  await page.context().close();
});

test("the overview shows the latest events as they come", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/");
  await page.getByRole("heading", { name: "Latest" }).waitFor();
  await log.append([{ eventType: "JustNow", aggregateType: "Note", aggregateId: "1", payload: {} }]);
  await page.getByRole("region", { name: "Latest" }).getByText("JustNow").waitFor();
  await page.context().close();
});

test("other logs are chosen at the top, and the address says which", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events");
  await page.getByRole("button", { name: /choose another/ }).click();
  await page.getByRole("menuitem", { name: /access/ }).click();
  await page.waitForURL(/log=access/);
  await page.getByRole("row").filter({ hasText: "Searched" }).first().waitFor();
  await page.context().close();
});
