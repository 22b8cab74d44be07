import { expect, test } from "vitest";
import { stackBuckets } from "./stack";

test("bars have the most frequent type at the bottom and everything unnamed on top", () => {
  const bucket = (start: string, byType: Record<string, number>, count: number) => ({ start, byType, count });
  const { stacks, countMax, span } = stackBuckets({
    widthSeconds: 60,
    items: [bucket("2026-01-01T00:00:00Z", { B: 1, A: 3 }, 4), bucket("2026-01-01T00:01:00Z", { B: 1 }, 5)],
  });
  expect(stacks[0]?.layers).toEqual([
    { type: "A", from: 0, to: 3 },
    { type: "B", from: 3, to: 4 },
  ]);
  expect(stacks[1]?.layers).toEqual([
    { type: "B", from: 0, to: 1 },
    { type: "", from: 1, to: 5 },
  ]);
  expect(countMax).toBe(5);
  expect(span.to - span.from).toBe(120_000);
});
