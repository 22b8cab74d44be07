import { type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import type { JsonMember, JsonNode } from "./node";

/** What an open object or array has gathered so far. */
type Open = { kind: "object"; members: JsonMember[]; name: string } | { kind: "array"; items: JsonNode[] };

/** Reads JSON and keeps every number's digits and the order of members; throws a `SyntaxError` with the place. */
export function readJson(text: string): JsonNode {
  const open: Open[] = [];
  let whole: JsonNode | undefined;
  const put = (node: JsonNode) => {
    const parent = open.at(-1);
    if (parent === undefined) whole = node;
    else if (parent.kind === "array") parent.items.push(node);
    else parent.members.push({ name: parent.name, value: node });
  };
  const close = () => {
    const closed = open.pop();
    if (closed?.kind === "object") put({ kind: "object", members: closed.members });
    else if (closed?.kind === "array") put({ kind: "array", items: closed.items });
  };
  visit(
    text,
    {
      onObjectBegin: () => {
        open.push({ kind: "object", members: [], name: "" });
      },
      onObjectProperty: (name) => {
        const parent = open.at(-1);
        if (parent?.kind === "object") parent.name = name;
      },
      onObjectEnd: close,
      onArrayBegin: () => {
        open.push({ kind: "array", items: [] });
      },
      onArrayEnd: close,
      onLiteralValue: (value, offset, length) => put(scalar(value, text.slice(offset, offset + length))),
      onError: (code: ParseErrorCode, offset) => {
        throw new SyntaxError(`not JSON at character ${offset}: ${printParseErrorCode(code)}`);
      },
    },
    { disallowComments: true },
  );
  if (whole === undefined) throw new SyntaxError("not JSON: nothing is there");
  return whole;
}

function scalar(value: unknown, written: string): JsonNode {
  if (typeof value === "string") return { kind: "string", value };
  if (typeof value === "number") return { kind: "number", digits: written };
  if (typeof value === "boolean") return { kind: "boolean", value };
  return { kind: "null" };
}

/**
 * Reads an answer of the API: members named in `verbatim` stay as they were written, wherever they stand, and the rest
 * becomes plain JavaScript. Nothing inside a verbatim member is looked at.
 */
export function readAnswer(text: string, verbatim: ReadonlySet<string>): unknown {
  return plainBut(readJson(text), verbatim);
}

function plainBut(node: JsonNode, verbatim: ReadonlySet<string>): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(
        node.members.map(({ name, value }) => [name, verbatim.has(name) ? value : plainBut(value, verbatim)]),
      );
    case "array":
      return node.items.map((item) => plainBut(item, verbatim));
    case "number":
      return Number(node.digits);
    case "null":
      return null;
    default:
      return node.value;
  }
}
