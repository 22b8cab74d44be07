// A page that follows a log while so many events a second are appended: whether it stays quick, and its memory flat.
import { interactionsOf, openPage } from "./interactions.mjs";
import { eventOf } from "./largeLog.mjs";

/** How often the memory is looked at. */
const LOOKS = 12;

/** The interactions' milliseconds, the rate that was reached, the heap at each look, and how far the page was behind. */
export async function followLive({ browser, log, minutes, rate }) {
  const page = await openPage(browser, log.address);
  await page.goto("/events?live=1");
  await page.locator("[data-connection=open]").waitFor();
  const memory = await memoryOf(page);
  const [begun, length] = [Date.now(), minutes * 60_000];
  const heaps = [];
  let [appended, presses] = [0, 0];
  while (Date.now() - begun < length) {
    const due = Math.floor(((Date.now() - begun) / 1_000) * rate) - appended;
    if (due > 0) await log.append(Array.from({ length: due }, (_, index) => eventOf(appended + index)));
    appended += Math.max(due, 0);
    presses += await touch(page);
    if (Date.now() - begun > (length / LOOKS) * (heaps.length + 1)) heaps.push(await memory());
  }
  const perSecond = Math.round(appended / ((Date.now() - begun) / 1_000));
  const took = await interactionsOf(page, presses);
  const behind = await eventsBehind(page, log.address);
  await page.context().close();
  return { took, perSecond, heaps, behind };
}

/** What somebody may do while the list runs on: the keys, a word in the search box, the theme. */
async function touch(page) {
  await page.keyboard.press("?");
  await page.waitForTimeout(50);
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.press("o");
  await page.waitForTimeout(50);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.activeElement?.blur());
  await page.waitForTimeout(50);
  return 7;
}

/** What is in use after a collection, in MiB, and the nodes of the document. */
async function memoryOf(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  return async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const metric = (wanted) => metrics.find(({ name }) => name === wanted).value;
    return { mebibytes: metric("JSHeapUsedSize") / 2 ** 20, nodes: metric("Nodes") };
  };
}

/** How far the uppermost row is from the end of the log, a second after the last append. */
async function eventsBehind(page, address) {
  await page.waitForTimeout(1_000);
  const shown = await page.getByRole("row").nth(1).getByRole("cell").first().textContent();
  const answer = await fetch(`${address}/v1/events?limit=1&order=desc`);
  const { items } = await answer.json();
  return items[0].position - Number(shown.replaceAll(/\D/g, ""));
}
