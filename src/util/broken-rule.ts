import * as v from "valibot";

/** Most characters of a wrong value that a message repeats. */
const MOST_SHOWN = 60;

/**
 * What a check of valibot found, in the words of this program: `sigma must be at most 64, got 100`. Own texts of
 * rules (`check`, `regex`) go on from the subject: `must be ascending`.
 * @param whole what the checked value is called as a whole
 */
export function brokenRule(issue: v.BaseIssue<unknown>, whole: string): string {
  const subject = v.getDotPath(issue) ?? whole;
  if (issue.expected === "never") return `${subject} is unknown`;
  const got = shown(
    issue.type === "check" && Array.isArray(issue.input) ? issue.input.join(", ") : issue.received,
  );
  return `${subject} ${ruleOf(issue)}${got === "" ? "" : `, got ${got}`}`;
}

function ruleOf({ type, expected, received, message }: v.BaseIssue<unknown>): string {
  if (type === "check" || type === "regex") return message;
  if (type === "integer") return "must be a whole number";
  if (type === "strict_object" && received === "undefined") return "must be given";
  const [, sign, bound] = /^(>=|<=|>)(.+)$/.exec(expected ?? "") ?? [];
  if (type === "min_length") return `must have a length of at least ${bound}`;
  if (bound !== undefined) return `must be ${BOUNDS[sign]} ${bound}`;
  const kinds = (expected ?? "valid").replace(/^\((.*)\)$/, "$1").split(" | ");
  const names = kinds.map((kind) => (Object.hasOwn(KINDS, kind) ? KINDS[kind] : kind));
  return names.length === 1 ? `must be ${names[0]}` : `must be one of ${names.join(", ")}`;
}

const BOUNDS: Readonly<Record<string, string>> = { ">=": "at least", "<=": "at most", ">": "above" };
const KINDS: Readonly<Record<string, string>> = {
  number: "a number",
  string: "a text",
  boolean: "true or false",
  Array: "a list",
  Object: "a record",
};

function shown(received: string): string {
  if (received === "undefined") return "nothing";
  if (received === "Array" || received === "Object") return "";
  return received.length > MOST_SHOWN ? `${received.slice(0, MOST_SHOWN)}...` : received;
}
