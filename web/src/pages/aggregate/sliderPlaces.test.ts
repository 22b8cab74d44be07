import { expect, test } from "vitest";
import type { TimelineEntry } from "@/client/types";
import { lateVersions } from "./lateVersions";
import { sliderPlaces } from "./sliderPlaces";

const entries = (...timestamps: string[]): TimelineEntry[] =>
  timestamps.map((timestamp, at) => ({ version: at + 1, timestamp })) as TimelineEntry[];

test("events stand in their order from one end to the other, however short or long the pauses are", () => {
  const places = sliderPlaces(
    entries(
      "2026-01-01T00:00:00.000000Z",
      "2026-01-01T00:00:00.000001Z",
      "2026-01-09T00:00:00.000000Z",
      "2026-01-09T00:00:01.000000Z",
    ),
  );
  expect(places[0]).toBe(0);
  expect(places.at(-1)).toBe(1);
  const gaps = places.slice(1).map((place, at) => place - (places[at] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(0.05);
  expect(gaps[1]).toBe(Math.max(...gaps));
});

test("one event and none have places too", () => {
  expect(sliderPlaces(entries("2026-01-01T00:00:00.000000Z"))).toEqual([0]);
  expect(sliderPlaces([])).toEqual([]);
});

test("late is what had happened before something that stands in front of it", () => {
  const late = lateVersions(
    entries("2026-01-02T00:00:00.000000Z", "2026-01-01T00:00:00.000000Z", "2026-01-03T00:00:00.000000Z"),
  );
  expect([...late]).toEqual([2]);
});
