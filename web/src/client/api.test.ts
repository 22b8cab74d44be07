import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import document from "../../../crates/server/openapi/openapi.json";
import { HttpClient } from "./http/HttpClient";

test("the shapes are those of the server's OpenAPI document", () => {
  const generator = fileURLToPath(new URL("../../generate/apiTypes.mjs", import.meta.url));
  expect(() => execFileSync(process.execPath, [generator, "--check"], { stdio: "pipe" })).not.toThrow();
});

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

const paths = document.paths as unknown as Record<string, Record<string, Operation | undefined>>;

/** The operation of the document that answers a request. */
function operationOf(method: string, path: string): Operation | undefined {
  const found = Object.entries(paths).find(([template]) => {
    const pattern = template.replaceAll(/\{[^}]+\}/g, "[^/]+");
    return new RegExp(`^${pattern}$`).test(path);
  });
  return found?.[1][method.toLowerCase()];
}

const name = { aggregateType: "Order", aggregateId: "a/b" };
const everything = {
  type: ["A"],
  aggregate: ["Order/1"],
  aggregateType: "Order",
  aggregateId: "1",
  actor: "maria",
  tag: ["a:1"],
  correlation: "c",
  from: "24h",
  to: "1h",
  recordedFrom: "24h",
  recordedTo: "1h",
  where: ["/total > 1"],
};

/** Each question of the client, with everything that it can say. */
const QUESTIONS: readonly ((client: HttpClient) => unknown)[] = ["main", "access"].flatMap((log) => [
  (client) => client.caller(),
  (client) => client.waysIn(),
  (client) => client.signIn({ token: "t" }),
  (client) => client.signOut(),
  (client) => client.logs(),
  (client) => client.log(log).events(everything, { cursor: "c", offset: 1 }),
  (client) => client.log(log).event("1"),
  (client) => client.log(log).counts(everything),
  (client) => client.log(log).buckets(everything, "utc"),
  (client) => client.log(log).values("types", "A"),
  (client) => client.log(log).aggregates({ type: "Order", search: "1" }, { cursor: "c" }),
  (client) => client.log(log).timeline(name, { from: 0, to: 3 }),
  (client) => client.log(log).state(name, { at: "now", recorded: true }),
  (client) => client.log(log).state(name, { version: 3 }),
  (client) => client.log(log).diff(name, 1, 2),
  (client) => client.log(log).blame(name, 2),
  (client) => client.log(log).undo(name, 2),
  (client) => client.log(log).snapshots(name),
  (client) => client.log(log).takeSnapshot(name),
  (client) => client.log(log).trace("c"),
  (client) => client.log(log).checkpoint(),
  (client) => client.log(log).verifierKeys(),
  (client) => client.log(log).receipt("1"),
  (client) => client.log(log).consistency(1, 2),
  (client) => client.log(log).startVerification(),
  (client) => client.log(log).verification("j"),
  (client) => client.log(log).verifications(),
  (client) => client.log(log).stats(),
  (client) => client.log(log).startExport({ filter: everything, format: "csv", redact: ["/payload"] }),
  (client) => client.log(log).export("j"),
  (client) => client.log(log).deadLetters("open", { cursor: "1" }),
  (client) => client.log(log).retryDeadLetter(7, { text: "{}", form: "task" }),
  (client) => client.log(log).discardDeadLetter(7),
]);

test("every question of the client is one that the server answers, and no parameter is unknown to it", async () => {
  const asked: { method: string; url: URL }[] = [];
  const server = globalThis.fetch;
  globalThis.fetch = async (address, options) => {
    asked.push({ method: options?.method ?? "GET", url: new URL(String(address), "http://localhost") });
    return new Response('{"interval":"hour","items":[]}');
  };
  try {
    for (const question of QUESTIONS) await question(new HttpClient());
  } finally {
    globalThis.fetch = server;
  }
  expect(asked).toHaveLength(QUESTIONS.length);
  for (const { method, url } of asked) {
    const operation = operationOf(method, url.pathname);
    expect(operation, `${method} ${url.pathname}`).toBeDefined();
    const known = operation?.parameters?.filter((parameter) => parameter.in === "query").map(({ name }) => name);
    for (const parameter of url.searchParams.keys()) expect(known, `${method} ${url.pathname}`).toContain(parameter);
  }
});
