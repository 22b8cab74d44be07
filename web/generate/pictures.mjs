// Takes a picture of every page of the demonstration, in both themes and on two sizes of screen: npm run pictures [FOLDER]
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openBrowser, signIn, startDemo } from "./demo.mjs";

const FOLDER = process.argv[2] ?? "pictures";

/** Each page by the name of its picture, with something that it shows once it is there. */
const PAGES = [
  ["overview", "/", "The last 24 hours"],
  ["events", "/events", "Order/"],
  ["event", "/events?type=RefundIssued&event=first", "noted by Annals"],
  ["aggregates", "/aggregates?type=Payment", "Payment/"],
  ["state", "/aggregates/Payment/pay_1256", "refunded"],
  ["diff", "/aggregates/Product/grinder?view=diff", "price"],
  ["blame", "/aggregates/Payment/pay_1256?view=blame", "RefundCorrected"],
  ["trace", "/traces/order-1256", "OrderPlaced"],
  ["integrity", "/integrity?event=first", "the signed root"],
  ["export", "/export?type=RefundIssued", "The same from a shell"],
  ["dead-letters", "/dead-letters", "parcelo.jsonl"],
  ["access", "/access?log=access", "Searched"],
  ["trail", "/trail", "My trail"],
];

const SCREENS = [
  { name: "wide", viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
  { name: "narrow", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
];

/** Those that the guide shows. */
const GUIDE = ["wide-light/state.png", "wide-light/integrity.png", "wide-dark/overview.png"];
const GUIDE_FOLDER = new URL("../../docs/guide/pictures/", import.meta.url);

const demo = await startDemo();
const browser = await openBrowser();
try {
  const storageState = await signIn(browser, demo.link);
  for (const { name: screen, ...shape } of SCREENS)
    for (const theme of ["light", "dark"]) await picture({ screen, theme, shape, storageState });
  mkdirSync(GUIDE_FOLDER, { recursive: true });
  for (const file of GUIDE) copyFileSync(join(FOLDER, file), new URL(file.replace(/^.*\//, ""), GUIDE_FOLDER));
} finally {
  await browser.close();
  await demo.stop();
}

async function picture({ screen, theme, shape, storageState }) {
  const folder = join(FOLDER, `${screen}-${theme}`);
  mkdirSync(folder, { recursive: true });
  const context = await browser.newContext({ ...shape, storageState, baseURL: demo.address, reducedMotion: "reduce" });
  await context.addInitScript((chosen) => {
    localStorage.setItem("annals.theme", chosen);
    localStorage.setItem("annals.tour", "off");
  }, theme);
  const page = await context.newPage();
  const first = await firstRefund(context);
  for (const [name, address, shows] of PAGES) {
    await page.goto(address.replace("first", first));
    const seen = page.getByText(shows).filter({ visible: true }).first();
    await seen.waitFor({ timeout: 15_000 }).catch(() => console.error(`${screen} ${theme} ${name}: no "${shows}"`));
    if (name === "event") await page.getByRole("button", { name: "Verify in this browser" }).click();
    // The proof at the foot of the page, and whatever is asked for last.
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }
  await context.close();
}

/** The id of an event that is worth showing. */
async function firstRefund(context) {
  const answer = await context.request.get(`${demo.address}/v1/events?type=RefundIssued&limit=1`);
  const { items } = await answer.json();
  return items[0].eventId;
}
