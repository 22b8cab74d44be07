import { readFileSync } from "node:fs";
import type { Browser, Route } from "playwright-core";
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

const IN_THE_LOG = /In the log, exactly as shown/;
const DOES_NOT_HOLD = /Does not hold at position 34/;

/** Answers a request with what the server said, altered. */
const altering = (alter: (body: string) => string) => async (route: Route) => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: alter(await answer.text()) });
};

test("an event is proven in the browser, and the foot says how far the log is", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events?event=34");
  await page.getByRole("button", { name: "Verify in this browser" }).click();
  await page.getByText(IN_THE_LOG).waitFor();
  await page.getByRole("contentinfo").getByText("verified by this browser").waitFor();
});

test("an event that the server shows otherwise than it was recorded is red", async () => {
  const { page } = await openPage(browser, log.address);
  await page.route(
    /\/v1\/events\/34\?/,
    altering((body) => body.replace("30821", "308.21")),
  );
  await page.goto("/events?event=34");
  await page.getByRole("button", { name: "Verify in this browser" }).click();
  await page
    .getByRole("alert")
    .getByText(/differs from what is proven in payload/)
    .waitFor();
  expect(await page.getByText(IN_THE_LOG).count()).toBe(0);
});

test("a receipt whose event file was altered is red, with the reason", async () => {
  const { page } = await openPage(browser, log.address);
  await page.route(
    /\/receipt\?/,
    altering((body) => body.replace("30821", "30822")),
  );
  await page.goto("/events?event=34");
  await page.getByRole("button", { name: "Verify in this browser" }).click();
  await page.getByRole("alert").getByText(DOES_NOT_HOLD).waitFor();
  await page
    .getByRole("alert")
    .getByText(/leads to the root/)
    .waitFor();
});

test("a checkpoint that does not extend the one this browser knows is red on every page", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events");
  await page.getByRole("contentinfo").getByText("verified by this browser").waitFor();
  await log.append([{ eventType: "Noted", aggregateType: "Note", aggregateId: "1", payload: {} }]);
  await page.route(
    /\/v1\/consistency\?/,
    altering((body) => body.replace(/"proof":\["./, '"proof":["_')),
  );
  await page.getByRole("contentinfo").getByRole("alert").waitFor({ timeout: 25_000 });
});

test("a receipt and its event file are checked where they are dropped, and an altered one is red", async () => {
  const { page } = await openPage(browser, log.address);
  const answer = await fetch(`${log.address}/v1/events/34/receipt?form=json`);
  const { receipt, eventFile } = (await answer.json()) as { receipt: string; eventFile: string };
  const files = (text: string) => [
    { name: "34.tlog-proof", mimeType: "text/plain", buffer: Buffer.from(receipt) },
    { name: "34.json", mimeType: "application/json", buffer: Buffer.from(text) },
  ];
  await page.goto("/integrity");
  await page.getByText("is signed by the key that this browser trusts").waitFor();
  await page.locator("input[type=file]").setInputFiles(files(eventFile));
  await page.getByText("the signed root").waitFor();
  await page.locator("input[type=file]").setInputFiles(files(eventFile.replace("30821", "30822")));
  await page.getByRole("alert").first().waitFor();
  await page.context().close();
});

test("the whole log is verified by the server, which a person can follow", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/integrity");
  await page.getByRole("button", { name: "Verify the whole log" }).click();
  await page.getByText(/The server found nothing wrong in \d+ events/).waitFor();
  await page.goto("/");
  const glance = page.getByRole("region", { name: "Integrity" });
  await glance.getByText(/The server found nothing wrong in \d+ events/).waitFor();
  await glance.getByText(/the last one recorded/).waitFor();
  await page.context().close();
});

test("a checkpoint is kept as a file, and today's is held against it", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/integrity");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Keep today’s checkpoint" }).click();
  const kept = readFileSync(await (await saved).path());
  await log.append([{ eventType: "Noted", aggregateType: "Note", aggregateId: "2", payload: {} }]);
  await page.reload();
  const card = page.getByRole("region", { name: "The log only grew" });
  const bring = (text: string) =>
    page
      .locator("input[type=file]")
      .setInputFiles([{ name: "kept.checkpoint", mimeType: "text/plain", buffer: Buffer.from(text) }]);
  await card.getByText("is signed by the key").waitFor();
  await bring(kept.toString());
  await card.getByText("of the checkpoint that your file has").waitFor();
  // One whose size was altered is not the one that was signed.
  await bring(kept.toString().replace(/^\d+$/m, "1"));
  await card.getByRole("alert").getByText("The checkpoint that you brought").waitFor();
  await page.context().close();
});
