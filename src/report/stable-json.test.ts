import { expect, test } from "vitest";
import { stableJson } from "./stable-json.ts";

test("orders the keys it knows, then the others by name, however the record was made", () => {
  const order = ["name", "size"];
  const text = '{ "name": "a", "size": 1, "more": true, "other": null }\n';
  expect(stableJson({ other: null, size: 1, name: "a", more: true }, order)).toBe(text);
  expect(stableJson({ name: "a", more: true, other: null, size: 1 }, order)).toBe(text);
});

test("rounds numbers to nine significant digits and writes null for what is none", () => {
  expect(stableJson([1 / 3, 0.1 + 0.2, 123456789.4, 1e-12, -0, Number.NaN], [])).toBe(
    "[0.333333333, 0.3, 123456789, 1e-12, 0, null]\n",
  );
});

test("puts simple records on one line and the others on several", () => {
  expect(stableJson({ points: [{ x: 1, y: 2 }], empty: [], gone: undefined }, ["points"])).toBe(
    '{\n  "points": [\n    { "x": 1, "y": 2 }\n  ],\n  "empty": []\n}\n',
  );
});

test("is read back by JSON.parse", () => {
  const value = {
    text: 'quote " and \u2028 and </script>',
    list: [[1, 2], [], ["a"]],
    nested: { a: { b: null } },
  };
  expect(JSON.parse(stableJson(value, []))).toEqual(value);
});
