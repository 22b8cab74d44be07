import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { preview } from "vite";
import { CONTENT_POLICY } from "./contentPolicy";

const ROOT = resolve(import.meta.dirname, "../../..");

/** The program under test: `ANNALS_PROGRAM`, or what `cargo build` made. */
const PROGRAM = process.env.ANNALS_PROGRAM ?? join(ROOT, "target/debug/annals");

/** How long a server may take to listen, in milliseconds. */
const START_MS = 20_000;

/** A real server over a fresh store with the invoices of the examples, and the built pages in front of it. */
export interface ServedLog {
  /** Where the pages are, without a slash at its end. */
  readonly address: string;
  /** Appends events, in the form in which the API takes them, one by one. */
  append(lines: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

export async function serveLog(): Promise<ServedLog> {
  if (!existsSync(PROGRAM)) throw new Error(`there is no ${PROGRAM}: run cargo build, or set ANNALS_PROGRAM`);
  const folder = mkdtempSync(join(tmpdir(), "annals-web-"));
  const store = ["--store", join(folder, "annals.db"), "--key", join(folder, "key")];
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, "config"), XDG_STATE_HOME: join(folder, "state") };
  const invoices = join(ROOT, "examples/data/invoices.jsonl");
  execFileSync(PROGRAM, ["import", "--quiet", "--origin", "example.com/invoices", ...store, invoices], { env });

  const server = spawn(PROGRAM, ["serve", "--listen", "127.0.0.1:0", ...store], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const target = await listeningAddress(server);
  // vite.config.ts leads there whatever is no page.
  process.env.ANNALS_SERVER = target;
  const pages = await preview({
    root: resolve(import.meta.dirname, "../.."),
    logLevel: "error",
    preview: {
      port: 0,
      host: "127.0.0.1",
      headers: { "content-security-policy": CONTENT_POLICY },
    },
  });
  const address = pages.resolvedUrls?.local[0]?.replace(/\/$/, "");
  if (address === undefined) throw new Error("the pages are not served");
  return {
    address,
    async append(lines) {
      for (const line of lines) await post(`${target}/v1/events`, JSON.stringify(line));
    },
    async stop() {
      await pages.close();
      server.kill("SIGINT");
      await new Promise((ended) => server.once("exit", ended));
      rmSync(folder, { recursive: true });
    },
  };
}

async function post(address: string, body: string) {
  const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
}

/** Reads where the server says that it listens. */
function listeningAddress(server: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "";
    const timer = setTimeout(() => failed(new Error(`the server does not listen: ${said}`)), START_MS);
    server.once("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
    server.stderr?.on("data", (part: Buffer) => {
      said += part.toString();
      const address = /http:\/\/[\d.]+:\d+/.exec(said)?.[0];
      if (address === undefined) return;
      clearTimeout(timer);
      found(address);
    });
  });
}
