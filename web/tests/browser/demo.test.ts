import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDemo } from "../../generate/demo.mjs";
import { openBrowser, openPage } from "./browser";

let browser: Browser;
let demo: Awaited<ReturnType<typeof startDemo>>;

beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

test("the link of the demonstration signs in, once, and a tour leads through its story", async () => {
  const { page, complaints } = await openPage(browser, demo.address);
  await page.goto(demo.link);
  await page.getByRole("button", { name: "You are visitor" }).waitFor();
  expect(page.url()).not.toContain("code");
  const tour = page.getByRole("complementary", { name: "Tour" });
  await tour.getByText("1 of 4").waitFor();
  await tour.getByRole("button", { name: "Show me" }).click();
  await page.getByText("8.90").first().waitFor();
  await tour.getByRole("button", { name: "Next" }).click();
  await page
    .getByRole("region", { name: /blame at version/ })
    .getByText("RefundCorrected")
    .first()
    .waitFor();
  await tour.getByRole("button", { name: "Next" }).click();
  await page.getByRole("row").filter({ hasText: "OrderDelivered" }).first().waitFor();
  await tour.getByRole("button", { name: "Next" }).click();
  await page.getByRole("heading", { name: "Integrity" }).waitFor();
  await tour.getByRole("button", { name: "Done" }).click();
  await tour.waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("heading", { name: "Integrity" }).waitFor();
  expect(await tour.count()).toBe(0);
  // Before she is signed in, a browser is told that nobody knows her.
  expect(complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);

  const { page: another } = await openPage(browser, demo.address);
  await another.goto(demo.link);
  await another.getByRole("alert").waitFor();
});
