// Writes src/client/api.ts from the server's OpenAPI document, or with --check says whether it is as that document has it.
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const DOCUMENT = new URL("../../crates/server/openapi/openapi.json", import.meta.url);
const TYPES = new URL("../src/client/api.ts", import.meta.url);

const HEADER = `/*
 * The shapes of the API, generated from its OpenAPI document by \`npm run generate\`. Not to be edited: a test compares
 * them. What the UI makes of them is in types.ts.
 */`;

/** The schemas of the document as TypeScript. */
async function apiTypes() {
  const { components } = JSON.parse(readFileSync(DOCUMENT, "utf8"));
  // Definitions are what gives names to types, for this compiler.
  const text = JSON.stringify(components.schemas).replaceAll("#/components/schemas/", "#/definitions/");
  const definitions = JSON.parse(text);
  const properties = Object.fromEntries(
    Object.keys(definitions).map((name) => [name, { $ref: `#/definitions/${name}` }]),
  );
  const root = { type: "object", additionalProperties: false, definitions, properties };
  return compile(root, "Shapes", {
    additionalProperties: false,
    bannerComment: HEADER,
    style: { printWidth: 120 },
  });
}

const types = await apiTypes();
if (!process.argv.includes("--check")) writeFileSync(TYPES, types);
else if (readFileSync(TYPES, "utf8") !== types) {
  console.error(
    "src/client/api.ts is not what the OpenAPI document says: npm run generate, and look at the difference",
  );
  process.exit(1);
}
