// What a person does with a page, and how long each act took until the next paint (Event Timing, W3C; steps of 8 ms).

/** What is quicker than this is told by no browser, and counts as this. */
const SHORTEST_MS = 16;

/** A page that notes how long its interactions take. */
export async function openPage(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: address });
  const page = await context.newPage();
  await page.addInitScript(() => {
    // A key is pressed, held and released: the longest of these is the interaction's.
    window.took = new Map();
    const note = ({ interactionId, duration }) =>
      interactionId > 0 && window.took.set(interactionId, Math.max(duration, window.took.get(interactionId) ?? 0));
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
    observer.observe({ type: "event", durationThreshold: 16, buffered: true });
  });
  return page;
}

/** The milliseconds of the interactions since this was asked last, of which there were so many in all. */
export async function interactionsOf(page, count) {
  await page.waitForTimeout(200);
  const told = await page.evaluate(() => {
    const took = [...window.took.values()];
    window.took.clear();
    return took;
  });
  const quicker = Array.from({ length: Math.max(0, count - told.length) }, () => SHORTEST_MS);
  return [...told, ...quicker].sort((a, b) => a - b);
}

/** The least value that so large a share of them does not exceed. */
export const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
