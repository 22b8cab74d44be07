import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");

/** The program under test: `ANNALS_PROGRAM`, or what `cargo build` made. */
const PROGRAM = process.env.ANNALS_PROGRAM ?? join(ROOT, "target/debug/annals");

/** The URL of a PostgreSQL database to keep the logs in, each in a schema of its own; without it they are SQLite files. */
const POSTGRES = process.env.ANNALS_BROWSER_POSTGRES;

/** How long a server may take to listen, in milliseconds: it is built without optimisation. */
const START_MS = 40_000;

/** Signs tokens, where somebody has to sign in. */
const SECRET = "a secret for tests, which is long enough to sign with";

export type Role = "reader" | "auditor" | "writer" | "delegate" | "admin";

/** A real server over a fresh store with the invoices of the examples, which serves the pages as it does for people. */
export interface ServedLog {
  /** Where the pages are, without a slash at its end. */
  readonly address: string;
  /** Appends events, in the form in which the API takes them, one by one. */
  append(lines: readonly object[]): Promise<void>;
  /** Has many events appended with one request. */
  appendLines(lines: readonly object[]): Promise<void>;
  /** A token of somebody with that role, where one has to sign in. */
  token(subject: string, role: Role): string;
  /** Runs a command of the program on the same store. */
  annals(...args: readonly string[]): string;
  stop(): Promise<void>;
}

interface Serving {
  /** `invoices.jsonl` of the examples, or nothing. */
  readonly holds?: "invoices" | "nothing";
  /** Whether people have to sign in. */
  readonly door?: "open" | "locked";
  /** With whom people sign in, where it is not by a token. The port is the one that the provider sends them back to. */
  readonly provider?: { readonly issuer: string; readonly client: string; readonly port: number };
  /** Lines that are imported by a jq program before the server starts; what it refuses becomes dead letters of the log. */
  readonly imported?: { readonly file: string; readonly lines: readonly string[]; readonly program: string };
}

/** How an import ends that could not store everything. */
const NOT_ALL_STORED = 3;

export async function serveLog(serving: Serving = {}): Promise<ServedLog> {
  const { holds = "invoices", door = "open", imported, provider } = serving;
  if (!existsSync(PROGRAM)) throw new Error(`there is no ${PROGRAM}: run cargo build, or set ANNALS_PROGRAM`);
  const folder = mkdtempSync(join(tmpdir(), "annals-web-"));
  const store = POSTGRES === undefined ? join(folder, "annals.db") : inSchema(POSTGRES);
  const options = ["--store", store, "--key", join(folder, "key")];
  if (provider !== undefined) options.push("--config", signInConfig(folder, provider));
  const env = {
    ...process.env,
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_STATE_HOME: join(folder, "state"),
    ...(door === "locked" && { ANNALS_AUTH_SECRET: SECRET }),
  };
  const annals = (...args: readonly string[]) =>
    execFileSync(PROGRAM, [...args, ...options], { env, encoding: "utf8", cwd: folder });
  if (holds === "invoices")
    annals("import", "--quiet", "--origin", "example.com/invoices", join(ROOT, "examples/data/invoices.jsonl"));
  if (imported !== undefined) {
    writeFileSync(join(folder, imported.file), imported.lines.map((line) => `${line}\n`).join(""));
    writeFileSync(join(folder, "map.jq"), imported.program);
    const args = ["import", "--quiet", "--map", "map.jq", "--dead-letters-in-log", imported.file, ...options];
    const { status, stderr } = spawnSync(PROGRAM, args, { env, cwd: folder, encoding: "utf8" });
    if (status !== NOT_ALL_STORED) throw new Error(`the import ended with ${status}: ${stderr}`);
  }
  const server = spawn(PROGRAM, ["serve", "--listen", `127.0.0.1:${provider?.port ?? 0}`, ...options], {
    env,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await listeningAddress(server);
  const token = (subject: string, role: Role) =>
    execFileSync(PROGRAM, ["token", subject, "--role", role, "--in", "main", "--in", "access"], { env })
      .toString()
      .trim();
  const writer = door === "locked" ? token("ann", "admin") : undefined;
  const post = (type: string, body: string) => postTo(`${address}/v1/events`, type, body, writer);
  return {
    address,
    annals,
    token,
    async append(lines) {
      for (const line of lines) await post("application/json", JSON.stringify(line));
    },
    async appendLines(lines) {
      await post("application/x-ndjson", lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    },
    async stop() {
      server.kill("SIGINT");
      await new Promise((ended) => server.once("exit", ended));
      rmSync(folder, { recursive: true });
    },
  };
}

/** The file of a configuration with which people sign in at a provider. */
function signInConfig(folder: string, { issuer, client, port }: NonNullable<Serving["provider"]>): string {
  const file = join(folder, "annals.toml");
  const redirect = `http://127.0.0.1:${port}/session/callback`;
  const keys = { issuer, client_id: client, redirect_url: redirect };
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  writeFileSync(file, `[sign_in]\n${lines.join("")}`);
  return file;
}

/** A log in a schema of a PostgreSQL database that no other test has. */
function inSchema(server: string): string {
  const schema = `web_${randomUUID().replaceAll("-", "")}`;
  return `${server}${server.includes("?") ? "&" : "?"}schema=${schema}`;
}

async function postTo(address: string, type: string, body: string, token: string | undefined) {
  const headers = { "content-type": type, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(address, { method: "POST", headers, body });
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
