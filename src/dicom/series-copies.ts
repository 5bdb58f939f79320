import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import type { InstanceHeader } from "./instance.ts";

interface Conflict {
  readonly left: InstanceHeader;
  readonly read: InstanceHeader;
}

/** What is kept of a series, and what is told of the rest. */
export interface Distinct {
  readonly kept: readonly InstanceHeader[];
  readonly issues: readonly Issue[];
}

/**
 * The first instance of each UID. Further ones with its pixels and place are copies; others should have had a UID of their
 * own, and which one is read is told.
 */
export function withoutCopies(name: string, instances: readonly InstanceHeader[]): Distinct {
  const byUid = new Map<string, InstanceHeader>();
  const kept: InstanceHeader[] = [];
  const conflicts: Conflict[] = [];
  for (const instance of instances) {
    const read = instance.sopInstanceUid === "" ? undefined : byUid.get(instance.sopInstanceUid);
    if (read === undefined) kept.push(instance);
    else if (!isSame(read, instance)) conflicts.push({ left: instance, read });
    byUid.set(instance.sopInstanceUid, read ?? instance);
  }
  const copies = instances.length - kept.length - conflicts.length;
  return {
    kept,
    issues: [...copyIssues(name, copies, instances.length), ...conflictIssues(name, conflicts)],
  };
}

/** Whether pixels as they are in the file, and what is known of frames, are the same. */
function isSame(a: InstanceHeader, b: InstanceHeader): boolean {
  const told = ({ layout, frames }: InstanceHeader) => JSON.stringify([layout, frames]);
  return a.pixelFingerprint === b.pixelFingerprint && told(a) === told(b);
}

function differenceOf(a: InstanceHeader, b: InstanceHeader): string {
  if (a.transferSyntax !== b.transferSyntax) return `are ${a.transferSyntax} and ${b.transferSyntax}`;
  return a.pixelFingerprint === b.pixelFingerprint ? "differ in what they tell" : "differ in their pixels";
}

function copyIssues(name: string, copies: number, total: number): Issue[] {
  if (copies === 0) return [];
  const message = `every image of ${name} must be there once, got ${copies} of ${total} again; copies are left out`;
  return [issue("slices-duplicate", name, message)];
}

function conflictIssues(name: string, [first, ...others]: readonly Conflict[]): Issue[] {
  if (first === undefined) return [];
  const files = `${first.read.name} and ${first.left.name}`;
  const what = differenceOf(first.read, first.left);
  const pairs = others.length === 1 ? "pair" : "pairs";
  const more = others.length > 0 ? ` (and ${others.length} more ${pairs})` : "";
  const rule = `images of ${name} must each have a SOPInstanceUID of their own, but ${files} share one and ${what}${more}`;
  return [
    issue(
      "instance-conflict",
      name,
      `${rule}; ${first.read.name} is read, export the one that is meant again`,
    ),
  ];
}
