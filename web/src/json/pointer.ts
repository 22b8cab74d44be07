import type { JsonNode } from "./node";

/** The steps of a JSON pointer (RFC 6901); none for the whole value. */
export function pointerSteps(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A pointer one step further. */
export function pointerTo(parent: string, step: string | number): string {
  return `${parent}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Whether `inner` points at `outer` or into it. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** The value with the one that a pointer leads to replaced; removed where `value` is undefined. */
export function withValueAt(node: JsonNode, steps: readonly string[], value: JsonNode | undefined): JsonNode {
  const [step, ...rest] = steps;
  if (step === undefined) return value ?? { kind: "null" };
  if (node.kind === "array") return arrayWith(node.items, step, rest, value);
  return objectWith(node.kind === "object" ? node.members : [], step, rest, value);
}

type Members = Extract<JsonNode, { kind: "object" }>["members"];

function objectWith(members: Members, step: string, rest: readonly string[], value: JsonNode | undefined): JsonNode {
  const at = members.findIndex((member) => member.name === step);
  const found = members[at];
  if (found === undefined) {
    if (value === undefined) return { kind: "object", members };
    const fresh: JsonNode = rest.length === 0 ? value : withValueAt({ kind: "object", members: [] }, rest, value);
    return { kind: "object", members: [...members, { name: step, value: fresh }] };
  }
  if (rest.length === 0 && value === undefined) return { kind: "object", members: members.toSpliced(at, 1) };
  return { kind: "object", members: members.with(at, { name: step, value: withValueAt(found.value, rest, value) }) };
}

function arrayWith(
  items: readonly JsonNode[],
  step: string,
  rest: readonly string[],
  value: JsonNode | undefined,
): JsonNode {
  const at = Number(step);
  const found = items[at];
  if (found === undefined)
    return value === undefined ? { kind: "array", items } : { kind: "array", items: [...items, value] };
  if (rest.length === 0 && value === undefined) return { kind: "array", items: items.toSpliced(at, 1) };
  return { kind: "array", items: items.with(at, withValueAt(found, rest, value)) };
}
