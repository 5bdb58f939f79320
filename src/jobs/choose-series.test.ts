import { expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { holdsNoImage, leftOutIssues, seriesNames } from "./choose-series.ts";

test("reports, segmentations and the like are told by their modality; OT may be an image", () => {
  const told = ["CT", "OT", "SEG", "SR", "PR", "KO"].filter((modality) =>
    holdsNoImage({ uid: "1.2", modality }),
  );
  expect(told).toEqual(["SEG", "SR", "PR", "KO"]);
  expect(holdsNoImage({ uid: "1.2" })).toBe(false);
});

test("series are called by their numbers, and counted where those are not their own", () => {
  const series = [{ uid: "1.1", number: 3 }, { uid: "1.2", number: 3 }, { uid: "1.3" }];
  expect([...seriesNames("study 1", series)]).toEqual([
    ["1.1", "study 1/series 3"],
    ["1.2", "study 1/series 3 (2)"],
    ["1.3", "study 1/series without number"],
  ]);
});

test("what is left out is told; a study without images is refused", async () => {
  const left = [{ uid: "1.1", number: 9, modality: "SEG" }];
  const names = seriesNames("study 1", left);
  expect(leftOutIssues("study 1", [], names, 2)).toEqual([]);
  expect(leftOutIssues("study 1", left, names, 2).map(({ message }) => message)).toEqual([
    "only series of images are retrieved from study 1; series 9 (SEG) left out",
  ]);
  const nothing = Promise.resolve().then(() => leftOutIssues("study 1", left, names, 0));
  await expectMiasError(nothing, "no-images", "study 1 must hold an image series, got series 9 (SEG)");
});
