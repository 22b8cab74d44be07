// Reports how much script each page loads first, compressed, and fails where it is more than the budget.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUILT = new URL("../dist/pages/", import.meta.url);

/** Bytes of compressed script until a page is there. */
const BUDGET = 200 * 1024;

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", BUILT), "utf8"));
const entries = Object.entries(manifest);
const [document] = entries.find(([, chunk]) => chunk.isEntry) ?? [];
if (document === undefined) throw new Error("the manifest names no entry: npm run build");

/** The files that are loaded with a chunk, without those that wait until somebody asks for them. */
function filesOf(name, known = new Set()) {
  const chunk = manifest[name];
  if (chunk === undefined || known.has(chunk.file)) return known;
  known.add(chunk.file);
  for (const needed of chunk.imports ?? []) filesOf(needed, known);
  return known;
}

const compressed = (file) => gzipSync(readFileSync(new URL(file, BUILT)), { level: 9 }).length;
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} kB`.padStart(9);

const pages = entries
  .filter(([name, chunk]) => chunk.isDynamicEntry && /^src\/pages\/[^/]+\/\w+Page\.tsx$/.test(name))
  .map(([name]) => {
    const files = new Set([...filesOf(document), ...filesOf(name)]);
    const bytes = [...files].filter((file) => file.endsWith(".js")).reduce((sum, file) => sum + compressed(file), 0);
    return { name: name.replace(/^.*\/(\w+)Page\.tsx$/, "$1"), bytes };
  })
  .sort((a, b) => b.bytes - a.bytes);

console.log("First load, script compressed by gzip:");
for (const { name, bytes } of pages) console.log(`${kilobytes(bytes)}  ${name}`);
const scripts = readdirSync(new URL("assets/", BUILT)).filter((file) => file.endsWith(".js"));
console.log(
  `${kilobytes(scripts.reduce((sum, file) => sum + compressed(`assets/${file}`), 0))}  all ${scripts.length} parts`,
);

const tooLarge = pages.filter(({ bytes }) => bytes > BUDGET);
if (pages.length === 0 || tooLarge.length > 0) {
  console.error(
    `The budget is ${kilobytes(BUDGET).trim()}: ${tooLarge.map(({ name }) => name).join(", ") || "no page found"}`,
  );
  process.exit(1);
}
