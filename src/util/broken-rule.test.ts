import * as v from "valibot";
import { expect, test } from "vitest";
import { brokenRule } from "./broken-rule.ts";

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(0.9));
const rows = v.union([v.pipe(v.number(), v.integer(), v.minValue(1)), v.literal("all")]);
const ascending = v.pipe(
  v.array(v.number()),
  v.check((values) => values.every((value, i) => i === 0 || values[i - 1] <= value), "must be ascending"),
);
const digits = v.pipe(v.string(), v.regex(/^\d+$/, "must be digits"));

test.each([
  [share, "much", 'x must be a number, got "much"'],
  [share, 1, "x must be at most 0.9, got 1"],
  [share, -1, "x must be at least 0, got -1"],
  [v.pipe(v.number(), v.gtValue(0)), 0, "x must be above 0, got 0"],
  [rows, 1.5, "x must be a whole number, got 1.5"],
  [rows, "some", 'x must be one of a number, "all", got "some"'],
  [v.picklist(["a", "b"]), "c", 'x must be one of "a", "b", got "c"'],
  [v.literal(3), 4, "x must be 3, got 4"],
  [v.pipe(v.array(v.string()), v.minLength(1)), [], "x must have a length of at least 1, got 0"],
  [v.array(v.string()), [1], "x.0 must be a text, got 1"],
  [v.array(v.string()), "a", 'x must be a list, got "a"'],
  [ascending, [1, 0], "x must be ascending, got 1, 0"],
  [digits, "1a", 'x must be digits, got "1a"'],
  [v.strictObject({ a: v.number() }), { a: 1, b: 2 }, "x.b is unknown"],
  [v.strictObject({ a: v.number() }), {}, "x.a must be given, got nothing"],
  [v.string(), ["x".repeat(70)], "x must be a text"],
  [v.number(), "x".repeat(70), `x must be a number, got "${"x".repeat(59)}...`],
])("%#: %j", (schema, value, sentence) => {
  const { issues } = v.safeParse(v.strictObject({ x: schema as v.GenericSchema }), { x: value });
  expect(issues?.map((issue) => brokenRule(issue, "the document"))[0]).toBe(sentence);
});

test("a value that is wrong as a whole has the name that is given", () => {
  const { issues } = v.safeParse(v.strictObject({}), 5);
  expect(issues?.map((issue) => brokenRule(issue, "the document"))).toEqual([
    "the document must be a record, got 5",
  ]);
});
