import { expect, test } from "vitest";
import { filterText } from "./filter";
import { parseSearch, stringifySearch } from "./search";
import { understand } from "./searchText";

test.each([
  ["1042", { kind: "event", id: "1042" }],
  ["#7", { kind: "event", id: "7" }],
  ["0192F0C1-7b3e-7c4a-9d52-0a4f5b2f6d11", { kind: "event", id: "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11" }],
  ["Order/a/b", { kind: "aggregate", aggregateType: "Order", aggregateId: "a/b" }],
  ["order_45", { kind: "aggregates", search: "order_45" }],
  ["customer:42", { kind: "events", filter: { tag: ["customer:42"] } }],
  [
    'type:A TYPE:B actor:maria where:"/total > 100"',
    { kind: "events", filter: { type: ["A", "B"], actor: "maria", where: ["/total > 100"] } },
  ],
  ["correlation:req-1", { kind: "events", filter: { correlation: "req-1" } }],
  ["  ", undefined],
])("understands %j", (text, target) => {
  expect(understand(text)).toEqual(target);
});

test("what the search box shows of a filter is understood as that filter", () => {
  const filter = { type: ["A", "B c"], tag: ["customer:42"], where: ['/name = "x y"'], from: "24h" };
  expect(understand(filterText(filter))).toEqual({ kind: "events", filter });
});

test("an address says what the API is asked", () => {
  const search = { type: ["A", "B"], where: ["/total > 100"], from: "2026-11-20T10:30:00Z", log: undefined };
  const query = stringifySearch(search);
  expect(query).toBe("?type=A&type=B&where=/total+%3E+100&from=2026-11-20T10:30:00Z");
  expect(parseSearch(query)).toEqual({ type: ["A", "B"], where: "/total > 100", from: "2026-11-20T10:30:00Z" });
});
