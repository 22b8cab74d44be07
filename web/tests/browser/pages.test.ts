import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, openPage, seriousFindings } from "./browser";
import { type ServedLog, serveLog } from "./servedLog";

let browser: Browser;
let log: ServedLog;

beforeAll(async () => {
  [browser, log] = await Promise.all([openBrowser(), serveLog()]);
  for (const eventType of ["ReminderDue", "ReminderSent"])
    await log.append([
      {
        eventType,
        aggregateType: "Invoice",
        aggregateId: "2026-101",
        actorId: "mail",
        timestamp: "2026-10-01T06:00:00Z",
        correlationId: "req-1",
        payload: {},
      },
    ]);
});

afterAll(async () => {
  await browser?.close();
  await log?.stop();
});

/** Every page, with something that it shows once it is there. */
const PAGES: readonly (readonly [address: string, shows: string])[] = [
  ["/", "The last 24 hours"],
  ["/events", "InvoiceViewed"],
  ["/events?event=34", "noted by Annals"],
  ["/events?type=LineAdded&actor=ann", "LineAdded"],
  ["/aggregates", "2026-105"],
  ["/aggregates/Invoice/2026-105", "paymentCurrency"],
  ["/aggregates/Invoice/2026-105?version=6&view=diff", "30821"],
  ["/aggregates/Invoice/2026-105?view=blame", "PaymentCurrencyChosen"],
  ["/aggregates/Invoice/2026-105?view=raw", '"paymentCurrency": "JPY"'],
  ["/traces", "What caused what"],
  ["/traces/req-1", "2 events"],
  ["/traces/req-1?event=49", "noted by Annals"],
  ["/integrity?event=34", "the signed root"],
  ["/export", "The same from a shell"],
  ["/dead-letters", "Everything that came in could be stored"],
  ["/access", "Searched"],
  ["/trail", "My trail"],
  ["/sign-in", "Go in"],
  ["/nowhere", "There is no such page"],
];

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test.each(PAGES)("%s shows itself, asks nobody else, and keeps the policy", async (address, shows) => {
    const { page, complaints, strangers } = await openPage(browser, log.address, { theme });
    await page.goto(address);
    await page.getByText(shows).first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.reload();
    await page.getByText(shows).first().waitFor();
    await page.context().close();
  });
});

test.each([360, 390, 820, 3840])("no page is wider than a window of %i px", async (width) => {
  const { page } = await openPage(browser, log.address, { width });
  for (const [address, shows] of PAGES) {
    await page.goto(address);
    // Where there is no room, the names of the navigation are hidden.
    await page.getByText(shows).filter({ visible: true }).first().waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, address).toBeLessThanOrEqual(0);
  }
  await page.context().close();
});
