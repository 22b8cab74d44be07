import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, openPage } from "./browser";
import { freePort, startProvider } from "./identityProvider";
import { type Role, type ServedLog, serveLog } from "./servedLog";

let browser: Browser;
let log: ServedLog;

beforeAll(async () => {
  [browser, log] = await Promise.all([openBrowser(), serveLog({ door: "locked" })]);
});

afterAll(async () => {
  await browser?.close();
  await log?.stop();
});

/** The pages that each role finds in the navigation; somebody who only writes finds none. */
const SEES: readonly (readonly [Role, readonly string[]])[] = [
  ["reader", ["My trail"]],
  ["auditor", ["Overview", "Events", "Aggregates", "Traces", "Integrity", "Export", "Access", "My trail"]],
  [
    "admin",
    ["Overview", "Events", "Aggregates", "Traces", "Integrity", "Export", "Dead letters", "Access", "My trail"],
  ],
  ["writer", []],
  ["delegate", []],
];

test.each(SEES)("a %s signs in with a token and finds the pages that she may use", async (role, pages) => {
  const { page, complaints } = await openPage(browser, log.address);
  await page.goto("/");
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel("Token").fill(log.token("ann", role));
  await page.getByRole("button", { name: "Sign in with a token" }).click();
  await page.getByRole("button", { name: "You are ann" }).waitFor();
  const links = page.getByRole("navigation", { name: "Pages" }).getByRole("list").getByRole("link");
  expect(await links.allTextContents()).toEqual(pages);
  if (role === "reader") await page.getByText("what ann did").waitFor();
  if (role === "writer" || role === "delegate") await page.getByText("There is nothing here for your role").waitFor();
  // Being asked who one is, before one has signed in, is answered with 401, which browsers note.
  expect(complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
  await page.context().close();
});

test("whoever signs in comes back to the address that she wanted, and out again", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/events?type=LineAdded");
  await page.getByLabel("Token").fill(log.token("ann", "auditor"));
  await page.getByRole("button", { name: "Sign in with a token" }).click();
  await page.waitForURL(/\/events\?type=LineAdded/);
  await page.reload();
  await page.getByRole("row").nth(1).waitFor();
  await page.getByRole("button", { name: "You are ann" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("Token").waitFor();
  await page.goto("/events");
  await page.waitForURL(/\/sign-in/);
  await page.context().close();
});

test("a token that the server does not believe is refused in words", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/sign-in");
  await page.getByLabel("Token").fill("nonsense");
  await page.getByRole("button", { name: "Sign in with a token" }).click();
  await page.getByRole("alert").waitFor();
  await page.context().close();
});

test("a reader sees her own trail, narrowed, turned round and reloaded, and nobody else's", async () => {
  const { page } = await openPage(browser, log.address);
  await page.goto("/trail");
  await page.getByLabel("Token").fill(log.token("ann", "reader"));
  await page.getByRole("button", { name: "Sign in with a token" }).click();
  await page.getByRole("row").nth(1).waitFor();
  expect(await page.getByText("rates-1.9").count()).toBe(0);
  await page.getByLabel("Event type").selectOption("LineAdded");
  await page.waitForURL(/type=LineAdded/);
  await page.getByText("Oldest first").click();
  await page.waitForURL(/order=asc/);
  await page.reload();
  await page.getByRole("row").filter({ hasText: "LineAdded" }).first().waitFor();
  expect(await page.getByRole("row").filter({ hasText: "InvoiceDrafted" }).count()).toBe(0);
  await page.context().close();
});

test("a long trail is turned page by page, and other pages lead a reader back to it", async () => {
  const { page } = await openPage(browser, log.address);
  const told = (number: number) => ({
    eventType: "Told",
    aggregateType: "Note",
    aggregateId: "1",
    payload: { number },
  });
  await log.appendLines(Array.from({ length: 60 }, (_, number) => told(number)));
  await page.goto("/events");
  await page.getByLabel("Token").fill(log.token("ann", "reader"));
  await page.getByRole("button", { name: "Sign in with a token" }).click();
  await page.waitForURL(/\/trail/);
  await page.getByLabel("Event type").selectOption("Told");
  await page.getByRole("row").filter({ hasText: "number 59" }).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForURL(/page=2/);
  await page.getByRole("row").filter({ hasText: "number 9" }).first().waitFor();
  await page.reload();
  await page.getByText("page 2 of 2").waitFor();
  await page.getByRole("button", { name: "Before" }).click();
  await page.getByRole("row").filter({ hasText: "number 59" }).waitFor();
  await page.context().close();
});

test("whoever signs in with an identity provider comes back as who she is there", async () => {
  const provider = await startProvider("annals", ["auditor"]);
  const port = await freePort();
  const served = await serveLog({ door: "locked", provider: { issuer: provider.issuer, client: "annals", port } });
  const { page } = await openPage(browser, served.address);
  await page.goto("/aggregates/Invoice/2026-105?version=3");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL(/\/aggregates\/Invoice\/2026-105\?version=3/);
  await page.getByText("at version 3 of 7").waitFor();
  await page.getByRole("button", { name: "You are maria" }).click();
  await page.getByText("auditor").first().waitFor();
  await page.context().close();
  await served.stop();
  provider.stop();
});
