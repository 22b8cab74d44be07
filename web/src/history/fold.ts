import type { Change, TimelineEntry } from "@/client/types";
import { EMPTY_OBJECT, isScalar, type JsonNode } from "@/json/node";
import { pointerSteps, pointerTo, withValueAt } from "@/json/pointer";

/** A state with changes carried out on it, one after the other. What did not change is shared with the state before. */
export function applyChanges(state: JsonNode, changes: readonly Change[]): JsonNode {
  return changes.reduce((known, change) => withValueAt(known, pointerSteps(change.path), change.new), state);
}

/** The states of an aggregate over a span of versions, folded here so that going through time asks nobody. */
export interface States {
  /** The first and the last version whose state is known; the first may be 0, before any event. */
  readonly from: number;
  readonly to: number;
  at(version: number): JsonNode;
}

/** Folds a timeline onto the state before its first entry. */
export function foldTimeline(before: JsonNode, entries: readonly TimelineEntry[]): States {
  const states = [before];
  for (const entry of entries) states.push(applyChanges(states.at(-1) ?? EMPTY_OBJECT, entry.changes));
  const from = (entries[0]?.version ?? 1) - 1;
  return { from, to: from + entries.length, at: (version) => states[version - from] ?? EMPTY_OBJECT };
}

/** A part of a state that is set as one: a scalar, `{}`, `[]`, or an element of an array, whatever it holds. */
export interface Leaf {
  readonly path: string;
  readonly steps: readonly string[];
  readonly value: JsonNode;
}

/** The leaves of a state, as blame divides it. */
export function leavesOf(state: JsonNode, path = "", steps: readonly string[] = []): readonly Leaf[] {
  if (state.kind === "array" && state.items.length > 0) {
    return state.items.map((value, at) => ({ path: pointerTo(path, at), steps: [...steps, String(at)], value }));
  }
  if (isScalar(state) || state.kind === "array" || state.members.length === 0) return [{ path, steps, value: state }];
  return state.members.flatMap(({ name, value }) => leavesOf(value, pointerTo(path, name), [...steps, name]));
}
