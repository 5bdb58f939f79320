import { describe, expect, test } from "vitest";
import type { Slicing } from "../types.ts";
import { requireSameSlicing, slicedAlike, slicingIssues, slicingOf } from "./slicing.ts";

const coronalLiver: Slicing = { axis: "coronal", window: "liver" };

test("the axis that volumes are learned along is known even where none was asked for", () => {
  expect(slicingOf({})).toEqual({ axis: "axial", window: null });
  expect(slicingOf({ axis: "sagittal", window: { low: 0, high: 80 } })).toEqual({
    axis: "sagittal",
    window: { low: 0, high: 80 },
  });
});

test("volumes are cut as those of the bank, but where something else is asked for", () => {
  const bank = { slicing: coronalLiver };
  expect(slicedAlike(bank)).toEqual({ axis: "coronal", window: "liver" });
  expect(slicedAlike(bank, { window: "lung" })).toEqual({ axis: "coronal", window: "lung" });
  expect(slicedAlike({ slicing: slicingOf({}) })).toEqual({ axis: "axial" });
  expect(slicedAlike({}, { axis: "sagittal" })).toEqual({ axis: "sagittal" });
});

describe("other slices than those of the bank", () => {
  test("are told, option by option", () => {
    const asked = { axis: "axial", window: { low: -160, high: 240 } } as const;
    expect(slicingIssues("ct.nii", { slicing: coronalLiver }, asked).map(({ message }) => message)).toEqual([
      "axis of ct.nii should be that of the volumes that the bank learned, coronal, got axial; leave --axis out, or learn a bank with it",
      "window of ct.nii should be that of the volumes that the bank learned, liver, got 40,400; leave --window out, or learn a bank with it",
    ]);
  });

  test("are none where the same is asked for, nothing was learned of volumes, or the default is named", () => {
    expect(slicingIssues("ct.nii", { slicing: coronalLiver }, { axis: "coronal", window: "liver" })).toEqual(
      [],
    );
    expect(slicingIssues("ct.nii", {}, { axis: "coronal" })).toEqual([]);
    expect(slicingIssues("mr.nii", { slicing: slicingOf({}) }, { window: "percentiles" })).toEqual([]);
  });

  test("are not learned into a bank", () => {
    expect(() => requireSameSlicing({ slicing: coronalLiver }, { axis: "axial" })).toThrow(
      "axis must be as in the bank to extend, coronal, got axial; leave --axis out",
    );
    expect(() => requireSameSlicing({ slicing: coronalLiver }, {})).not.toThrow();
  });
});
