// Measures the pages over a large log: npm run measure [-- --events 1000000 --minutes 10 --rate 500 --write]
// With --report a budget that is exceeded is said, and nothing fails: for short runs beside other work.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { openBrowser } from "./demo.mjs";
import { write } from "./measure/document.mjs";
import { interactionsOf, openPage, quantile } from "./measure/interactions.mjs";
import { serveLargeLog } from "./measure/largeLog.mjs";
import { followLive } from "./measure/live.mjs";
import { WORKS } from "./measure/works.mjs";

/** The budget for an interaction: so many milliseconds until the next paint, for 95 in a hundred. */
const PAINT_MS = 100;

/** The memory is flat where the last third of the looks is at most this much above the first. */
const HEAP_GROWTH_MIB = 8;

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "10" },
    rate: { type: "string", default: "500" },
    write: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
  },
});
const [events, minutes, rate] = [values.events, values.minutes, values.rate].map(Number);
const number = new Intl.NumberFormat("en-US").format;

const lines = [];
const note = (...cells) => {
  lines.push(`| ${cells.join(" | ")} |`);
  console.log(`${cells[0].padEnd(52)} ${cells.slice(1).join("   ")}`);
};
const noteInteractions = (what, took) =>
  note(what, number(took.length), `${quantile(took, 0.5)} ms`, `${quantile(took, 0.95)} ms`, `${took.at(-1)} ms`);

/** At the first look, in the middle, and at the last. */
const nodesOf = (heaps) =>
  [heaps[0], heaps[Math.floor(heaps.length / 2)], heaps.at(-1)].map(({ nodes }) => number(nodes)).join(", ");

async function workOnLargeLog(browser, address) {
  const page = await openPage(browser, address);
  await page.goto("/events");
  await page.getByRole("row").nth(5).waitFor();
  const all = [];
  for (const [what, work] of Object.entries(WORKS)) {
    const took = await interactionsOf(page, await work(page));
    all.push(...took);
    noteInteractions(what, took);
  }
  all.sort((a, b) => a - b);
  noteInteractions("all of them", all);
  await page.context().close();
  return all;
}

const exceeded = [];
const browser = await openBrowser();
let log;
try {
  log = await serveLargeLog(events);
  note(`over ${number(events)} events, to the next paint`, "acts", "p50", "p95", "worst");
  lines.push("| --- | --- | --- | --- | --- |");
  const worked = await workOnLargeLog(browser, log.address);
  const { took, perSecond, heaps, behind } = await followLive({ browser, log, minutes, rate });
  noteInteractions(`while ${perSecond} events a second come in`, took);
  const mebibytes = heaps.map((heap) => Math.round(heap.mebibytes));
  const told = [
    `${number(minutes)} minutes of live tail at ${perSecond} events a second. In use after a collection, at equal`,
    `intervals: ${mebibytes.join(", ")} MiB. Nodes of the document: ${nodesOf(heaps)}.`,
    `A second after the last append the uppermost row was ${number(behind)} events from the end of the log.`,
    `${cpus().length} × ${cpus()[0].model}, Chromium ${browser.version()}, ${new Date().toISOString().slice(0, 10)}.`,
  ];
  console.log(told.join("\n"));
  if (values.write) write(`${lines.join("\n")}\n\n${told.join("\n")}`);
  for (const [what, times] of [
    ["interactions", worked],
    ["the live tail", took],
  ])
    if (quantile(times, 0.95) > PAINT_MS) exceeded.push(`p95 of ${what} is over ${PAINT_MS} ms`);
  const third = Math.ceil(mebibytes.length / 3);
  if (Math.max(...mebibytes.slice(-third)) > Math.max(...mebibytes.slice(0, third)) + HEAP_GROWTH_MIB)
    exceeded.push("the memory of the live tail grows");
} finally {
  await browser.close();
  await log?.stop();
}
for (const what of exceeded) console.log(`Over its budget: ${what}`);
if (exceeded.length > 0 && !values.report) process.exitCode = 1;
