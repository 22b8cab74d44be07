import { expect, test } from "vitest";
import { completeName, completeValue, wanted } from "./completion";

test("a word that begins a filter's name is completed with the name", () => {
  const found = wanted("actor:maria ty");
  expect(found).toEqual({ kind: "names", names: ["type"], search: "" });
  expect(completeName("actor:maria ty", "type").text).toBe("actor:maria type:");
});

test("behind a filter's name the server's values are offered, in quotes where they need them", () => {
  expect(wanted("tag:cust")).toEqual({ kind: "values", name: "tag", field: "tags", prefix: "cust" });
  expect(completeValue("type:A actor:j", "actor", "jo nas", "3").text).toBe('type:A actor:"jo nas"');
});

test("what no list is kept of is offered nothing", () => {
  expect(wanted("where:/total")).toBeUndefined();
  expect(wanted("customer:4")).toBeUndefined();
  expect(wanted("type:A Order/4")).toBeUndefined();
});

test("a bare word, or one with a slash, is looked for among the aggregates", () => {
  expect(wanted("grin")).toEqual({ kind: "names", names: [], search: "grin" });
  expect(wanted("Product/gr")).toEqual({ kind: "aggregates", type: "Product", search: "gr" });
});
