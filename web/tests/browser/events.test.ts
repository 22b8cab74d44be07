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

const note = (number: number) => ({
  eventType: "Noted",
  aggregateType: "Note",
  aggregateId: String(number),
  actorId: "ann",
  payload: { number },
});

test("new events appear while they are appended, stand still while paused, and none is lost", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events?type=Noted");
  await page.getByText("No event passes these filters").waitFor();
  await page.keyboard.press("l");
  await page.getByRole("button", { name: "Live" }).and(page.locator("[data-connection=open]")).waitFor();
  await log.append([note(1), note(2)]);
  await page.getByRole("row").filter({ hasText: "number 2" }).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await log.append([note(3), note(4), note(5)]);
  await page.getByText("3 new").waitFor();
  expect(await page.getByRole("row").filter({ hasText: "number 5" }).count()).toBe(0);
  await page.getByRole("button", { name: "Go on" }).click();
  for (const number of [1, 2, 3, 4, 5])
    await page
      .getByRole("row")
      .filter({ hasText: `number ${number}` })
      .waitFor();
});

test("a live list stands still while somebody reads further down, and goes on from the top", async () => {
  const { page } = await openPage(browser, log.address);
  await log.appendLines(Array.from({ length: 80 }, (_, number) => ({ ...note(number), eventType: "Counted" })));
  await page.goto("/events?type=Counted&live=1");
  await page.getByRole("button", { name: "Live" }).and(page.locator("[data-connection=open]")).waitFor();
  await page.getByRole("row").nth(3).hover();
  await page.mouse.wheel(0, 600);
  await page.getByRole("button", { name: "Go on" }).waitFor();
  await log.append([{ ...note(80), eventType: "Counted" }]);
  await page.getByText("1 new").waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("row").filter({ hasText: "number 80" }).waitFor();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.context().close();
});

test("every filter stands in the address, and a reload shows the same", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events");
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type('type:PaymentCurrencyChosen actor:rates-1.9 where:"/total exists"');
  await page.keyboard.press("Enter");
  await page.getByText("3 events").waitFor();
  expect(new URL(page.url()).search).toBe("?type=PaymentCurrencyChosen&actor=rates-1.9&where=/total+exists");
  await page.reload();
  await page.getByText("3 events").waitFor();
});

test("a list is gone through by keys, and the detail keeps the filters", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events?type=LineAdded");
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.getByRole("complementary", { name: "Detail" }).getByText("of the producer").waitFor();
  expect(new URL(page.url()).searchParams.get("type")).toBe("LineAdded");
  expect(await page.getByRole("row").nth(2).getAttribute("aria-current")).toBe("true");
  await page.keyboard.press("Escape");
  await page.getByRole("complementary", { name: "Detail" }).waitFor({ state: "detached" });
});

test("nothing is missed while the connection is broken", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events?type=Kept&live=1");
  await page.getByRole("button", { name: "Live" }).and(page.locator("[data-connection=open]")).waitFor();
  await page.context().setOffline(true);
  await log.append([{ ...note(1), eventType: "Kept" }]);
  await page.context().setOffline(false);
  await log.append([{ ...note(2), eventType: "Kept" }]);
  for (const number of [1, 2])
    await page
      .getByRole("row")
      .filter({ hasText: `number ${number}` })
      .waitFor();
  await page.context().close();
});

test("an event is copied as JSON, for curl and for the command line", async () => {
  const { page } = await openPage(browser, log.address);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/events?event=34");
  const copied = async (item: string) => {
    await page.getByRole("button", { name: "Copy this event" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(JSON.parse(await copied("Copy as JSON")).position).toBe(34);
  expect(await copied("Copy as curl")).toContain(`${log.address}/v1/events/`);
  expect(await copied("Copy as command")).toMatch(/^annals show /);
  await page.context().close();
});
