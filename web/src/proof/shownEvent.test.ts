import { expect, test } from "vitest";
import type { EventRecord } from "@/client/types";
import { parseEventFile } from "./eventFile";
import { differingFields } from "./shownEvent";
import { vector } from "./vectors";

const proven = parseEventFile(vector("49.event.json"));
const { contextText, opening: _, ...rest } = proven;
const shown: EventRecord = { ...rest, context: JSON.parse(contextText ?? "{}") };

test("an event that is shown as it was proven differs in nothing", () => {
  expect(differingFields(shown, proven)).toEqual([]);
});

test.each([
  ["payload", { payloadText: `${shown.payloadText} ` }],
  ["tags", { tags: [] }],
  ["context", { context: { source: "elsewhere" } }],
  ["actorId", { actorId: undefined }],
] as [string, Partial<EventRecord>][])("says that the %s differs", (field, change) => {
  expect(differingFields({ ...shown, ...change } as EventRecord, proven)).toEqual([field]);
});
