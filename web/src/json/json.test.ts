import { expect, test } from "vitest";
import { type JsonNode, writeJson, writePrettyJson } from "./node";
import { withValueAt } from "./pointer";
import { readAnswer, readJson } from "./read";

test("keeps digits, the order of members, and what JSON.parse would lose", () => {
  const text = '{"b":99.90,"10":12345678901234567890,"2":[1e400,-0,{}],"a":null,"s":"\\u2028\\"","t":[true,false,[]]}';
  expect(writeJson(readJson(text))).toBe(text.replace("\\u2028", "\u2028"));
});

test.each(["", "{", '{"a":1,}', "[1 2]", "// no\n{}", "{} {}"])("refuses %j", (text) => {
  expect(() => readJson(text)).toThrow(SyntaxError);
});

test("an answer is plain but for the members that are kept as written", () => {
  const answer = readAnswer('{"items":[{"path":"/a","old":1.50,"n":1.50}]}', new Set(["old"])) as {
    items: { old: JsonNode; n: number }[];
  };
  expect(answer.items[0]?.old).toEqual({ kind: "number", digits: "1.50" });
  expect(answer.items[0]?.n).toBe(1.5);
});

test("changes carried out one after the other give the state behind them", () => {
  let state = readJson('{"a":{"b":1},"list":[1,2,3],"c/d":0}');
  state = withValueAt(state, ["a", "b"], readJson("2.00"));
  state = withValueAt(state, ["list", "2"], undefined);
  state = withValueAt(state, ["list", "1"], undefined);
  state = withValueAt(state, ["c/d"], undefined);
  state = withValueAt(state, ["new"], readJson("{}"));
  expect(writeJson(state)).toBe('{"a":{"b":2.00},"list":[1],"new":{}}');
});

test("pretty JSON reads back to the same", () => {
  const node = readJson('{"a":[],"b":{"c":[1,{"d":{}}]}}');
  expect(readJson(writePrettyJson(node))).toEqual(node);
});
