import { expect, test } from "vitest";
import type { EventRecord } from "@/client/types";
import { traceTree } from "./traceTree";

const event = (eventId: string, causationId?: string, second = 0): EventRecord =>
  ({
    eventId,
    timestamp: `2026-01-01T00:00:0${second}.000000Z`,
    metadataText: JSON.stringify({ causationId }),
  }) as EventRecord;

const shape = (events: EventRecord[]) => traceTree(events).map((node) => `${node.depth}${node.event.eventId}`);

test("effects stand below their causes, in their order", () => {
  expect(shape([event("a"), event("b", "a"), event("c", "a"), event("d", "b")])).toEqual(["0a", "1b", "2d", "1c"]);
});

test("an event whose cause is elsewhere begins anew, and circles do not hang the page", () => {
  expect(shape([event("a", "elsewhere"), event("b", "c"), event("c", "b"), event("d", "d")])).toEqual([
    "0a",
    "0d",
    "0b",
    "0c",
  ]);
});

test("times count from the first event, also if it comes late", () => {
  expect(traceTree([event("a", undefined, 3), event("b", "a", 1)]).map((node) => node.startMs)).toEqual([2000, 0]);
});
