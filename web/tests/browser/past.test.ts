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

const INVOICE = "/aggregates/Invoice/2026-105";

test("the slider, the timeline and the state show one moment, as the server has it", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto(`${INVOICE}?view=raw`);
  for (const version of [7, 6, 5, 4, 3, 2, 1]) {
    await page.getByText(`at version ${version} of 7`).waitFor();
    const answer = await fetch(`${log.address}/v1${INVOICE}/state?version=${version}`);
    const { state } = (await answer.json()) as { state: unknown };
    expect(JSON.parse((await page.locator("section pre").textContent()) ?? "")).toEqual(state);
    await page.keyboard.press("[");
  }
  await page.context().close();
});

test("the slider follows the pointer, and the address what it shows", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto(INVOICE);
  await page.getByText("at version 7 of 7").waitFor();
  const slider = page.getByRole("slider", { name: "Version" }).locator("..");
  const { x, y, width, height } = (await slider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width - 12, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 14, y + height / 2, { steps: 20 });
  await page.getByText("at version 1 of 7").waitFor();
  await page.mouse.up();
  await page.waitForURL(/version=1/);
  await page.reload();
  await page.getByText("at version 1 of 7").waitFor();
  await page.context().close();
});

test("a field leads to the event that set it", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto(`${INVOICE}?view=blame`);
  const blame = page.getByRole("region", { name: /blame at version 7/ });
  const set = blame.getByRole("row").filter({ hasText: "PaymentCurrencyChosen" }).first();
  await set.getByRole("button").click();
  await page.getByText(/at version [1-6] of 7/).waitFor();
  await page.context().close();
});

test("a replay plays, pauses and steps", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto(`${INVOICE}?version=1`);
  await page.getByText("at version 1 of 7").waitFor();
  await page.getByRole("button", { name: "Next version" }).click();
  await page.getByText("at version 2 of 7").waitFor();
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByText(/at version [4-7] of 7/).waitFor();
  await page.getByRole("button", { name: "Version before" }).click();
  await page.getByRole("button", { name: "Play" }).waitFor();
  await page.context().close();
});

test("a state is asked for by time, and a snapshot taken and an undo looked at", async () => {
  const { page, complaints } = await openPage(browser, log.address);
  await page.goto(INVOICE);
  await page.getByRole("button", { name: "At a time" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("2026-10-01");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForURL(/at=2026-10-01/);
  await page.goto(INVOICE);
  await page.getByRole("button", { name: "Snapshot" }).click();
  await page.getByText("snapshot at version 7").waitFor();
  // The last event says that the invoice was looked at, and changes nothing.
  await page.keyboard.press("[");
  await page.keyboard.press("[");
  await page.getByRole("button", { name: "Undo to 5" }).click();
  await page.getByRole("dialog", { name: "Back to version 5" }).getByText("annals undo Invoice/2026-105").waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("a state is compared with that of any other version", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto(`${INVOICE}?view=diff`);
  await page.getByText("Nothing changed").waitFor();
  await page.getByLabel(/version 7 against/).fill("0");
  await page.waitForURL(/against=0/);
  const answer = await fetch(`${log.address}/v1${INVOICE}/diff?from=0&to=7`);
  const { items } = (await answer.json()) as { items: unknown[] };
  const changes = page.getByRole("region", { name: "diff at version 7" }).getByRole("listitem");
  await changes.nth(items.length - 1).waitFor();
  expect(await changes.count()).toBe(items.length);
  await page.context().close();
});
