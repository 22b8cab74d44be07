/**
 * JSON as it was written. `JSON.parse` would turn 99.90 into 99.9, round 12345678901234567890, and put members whose
 * names are numbers first; an audit trail shows what stands in it.
 */
export type JsonNode =
  | { readonly kind: "object"; readonly members: readonly JsonMember[] }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly digits: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" };

export interface JsonMember {
  readonly name: string;
  readonly value: JsonNode;
}

/** A value that holds no others. */
export type JsonScalar = Exclude<JsonNode, { kind: "object" } | { kind: "array" }>;

export const EMPTY_OBJECT: JsonNode = { kind: "object", members: [] };

/** Whether a value holds no others. */
export function isScalar(node: JsonNode): node is JsonScalar {
  return node.kind !== "object" && node.kind !== "array";
}

/** Compact JSON, with the digits that were read. */
export function writeJson(node: JsonNode): string {
  switch (node.kind) {
    case "object":
      return `{${node.members.map((member) => `${JSON.stringify(member.name)}:${writeJson(member.value)}`).join(",")}}`;
    case "array":
      return `[${node.items.map(writeJson).join(",")}]`;
    case "string":
      return JSON.stringify(node.value);
    case "number":
      return node.digits;
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
  }
}

/** JSON over several lines, two spaces deeper for each level. */
export function writePrettyJson(node: JsonNode, indent = ""): string {
  const deeper = `${indent}  `;
  const block = (open: string, lines: string[], close: string) =>
    lines.length === 0 ? open + close : `${open}\n${lines.map((line) => deeper + line).join(",\n")}\n${indent}${close}`;
  if (node.kind === "object") {
    const lines = node.members.map(
      (member) => `${JSON.stringify(member.name)}: ${writePrettyJson(member.value, deeper)}`,
    );
    return block("{", lines, "}");
  }
  if (node.kind === "array") {
    return block(
      "[",
      node.items.map((item) => writePrettyJson(item, deeper)),
      "]",
    );
  }
  return writeJson(node);
}

/** Whether two values are written alike, but for spaces. */
export function isSameJson(a: JsonNode, b: JsonNode): boolean {
  return a === b || writeJson(a) === writeJson(b);
}

/** A value as JavaScript has it: digits that a double cannot hold are lost. For what Annals itself writes. */
export function toPlain(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(node.members.map((member) => [member.name, toPlain(member.value)]));
    case "array":
      return node.items.map(toPlain);
    case "number":
      return Number(node.digits);
    case "null":
      return null;
    default:
      return node.value;
  }
}

/** The member of that name, if the value is an object that has one. */
export function memberOf(node: JsonNode, name: string): JsonNode | undefined {
  return node.kind === "object" ? node.members.find((member) => member.name === name)?.value : undefined;
}
