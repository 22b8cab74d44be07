import { expect, test } from "vitest";
import type { TimelineEntry } from "@/client/types";
import { writeJson } from "@/json/node";
import { readAnswer, readJson } from "@/json/read";
import { foldTimeline, leavesOf } from "./fold";

const entry = (version: number, changes: string): TimelineEntry =>
  ({ version, changes: readAnswer(changes, new Set(["old", "new"])) }) as TimelineEntry;

test("states follow from the changes of each event, and share what did not change", () => {
  const states = foldTimeline(readJson("{}"), [
    entry(1, '[{"path":"/status","new":"placed"},{"path":"/items","new":[{"sku":"a"},{"sku":"b"}]}]'),
    entry(2, '[{"path":"/status","old":"placed","new":"paid"},{"path":"/items/1","old":{"sku":"b"}}]'),
    entry(3, "[]"),
  ]);
  expect([states.from, states.to]).toEqual([0, 3]);
  expect(writeJson(states.at(0))).toBe("{}");
  expect(writeJson(states.at(1))).toBe('{"status":"placed","items":[{"sku":"a"},{"sku":"b"}]}');
  expect(writeJson(states.at(2))).toBe('{"status":"paid","items":[{"sku":"a"}]}');
  expect(states.at(3)).toBe(states.at(2));
});

test("a timeline may begin in the middle, on the state before it", () => {
  const states = foldTimeline(readJson('{"a":1}'), [entry(41, '[{"path":"/a","old":1,"new":1.0}]')]);
  expect([states.from, states.to]).toEqual([40, 41]);
  expect(writeJson(states.at(41))).toBe('{"a":1.0}');
});

test("leaves are scalars, empty objects and arrays, and elements of arrays", () => {
  const paths = leavesOf(readJson('{"a":{"b":1,"c":{}},"d":[],"e":[{"f":[1]},2],"g/h":null}')).map((leaf) => leaf.path);
  expect(paths).toEqual(["/a/b", "/a/c", "/d", "/e/0", "/e/1", "/g~1h"]);
});
