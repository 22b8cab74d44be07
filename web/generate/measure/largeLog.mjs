// A server over a log of so many events, made for a measurement and thrown away after it.
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = process.env.ANNALS_PROGRAM ?? new URL("../../../target/release/annals", import.meta.url).pathname;

const TYPES = ["OrderPlaced", "PaymentTaken", "StockReserved", "OrderShipped", "OrderDelivered", "RefundIssued"];

/** So many aggregates share the events. */
const AGGREGATES = 5_000;

/** The event of this number, in the form in which the API takes it: one every 25 seconds since the year began. */
export const eventOf = (number) => ({
  eventType: TYPES[number % TYPES.length],
  aggregateType: "Order",
  aggregateId: `order-${number % AGGREGATES}`,
  actorId: `user-${number % 97}`,
  timestamp: new Date(Date.UTC(2026, 0, 1) + number * 25_000).toISOString(),
  payload: { number, total: (number % 10_000) / 100, status: number % 2 === 0 ? "open" : "done" },
});

/** Its address, what appends to it, and what ends it. */
export async function serveLargeLog(events) {
  const folder = mkdtempSync(join(tmpdir(), "annals-measure-"));
  const options = ["--store", join(folder, "annals.db"), "--key", join(folder, "key")];
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, "config"), XDG_STATE_HOME: join(folder, "state") };
  await fill({ folder, events, run: (...args) => spawnSync(PROGRAM, [...args, ...options], { env, cwd: folder }) });
  const server = spawn(PROGRAM, ["serve", "--listen", "127.0.0.1:0", ...options], {
    env,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await listeningAddress(server);
  return {
    address,
    append: (list) => append(address, list),
    async stop() {
      server.removeAllListeners("exit").kill("SIGINT");
      await new Promise((ended) => server.once("exit", ended));
      rmSync(folder, { recursive: true });
    },
  };
}

async function fill({ folder, events, run }) {
  const file = join(folder, "events.jsonl");
  const out = createWriteStream(file);
  for (let number = 0; number < events; number += 1)
    if (!out.write(`${JSON.stringify(eventOf(number))}\n`)) await new Promise((drained) => out.once("drain", drained));
  await new Promise((ended) => out.end(ended));
  const { status, stderr } = run("import", "--quiet", file);
  if (status !== 0) throw new Error(`the import ended with ${status}: ${stderr}`);
  rmSync(file);
}

function listeningAddress(server) {
  return new Promise((found, failed) => {
    server.once("exit", (status) => failed(new Error(`the server ended with ${status}`)));
    server.stderr.on("data", (said) => {
      const [address] = /http:\/\/[\d.]+:\d+/.exec(said.toString()) ?? [];
      if (address !== undefined) found(address);
    });
  });
}

async function append(address, list) {
  const body = list.map((event) => `${JSON.stringify(event)}\n`).join("");
  const headers = { "content-type": "application/x-ndjson" };
  const answer = await fetch(`${address}/v1/events`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}
