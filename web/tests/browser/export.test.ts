import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
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

test("what is filtered and redacted is saved with a manifest that names its hash", async () => {
  const { page, complaints } = await openPage(browser, log.address);
  await page.goto("/export?type=LineAdded");
  await page.getByText("CSV").click();
  await page.getByLabel("/actorId").check();
  await page.getByRole("button", { name: "Export" }).click();
  const save = async (link: string) => {
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: link }).click();
    return readFileSync(await (await saved).path());
  };
  const file = await save("Save the file");
  const manifest = await save("Save the manifest");
  expect(file.toString()).toContain("[redacted]");
  expect(file.toString()).not.toContain(",ann,");
  expect(manifest.toString()).toContain(createHash("sha256").update(file).digest("hex"));
  expect(complaints).toEqual([]);
  await page.context().close();
});
