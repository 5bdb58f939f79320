import { expect, test } from "vitest";
import { niftiFile, nrrdLines, textFile } from "../../test/support/made-volumes.ts";
import { readVolume } from "./read-volume.ts";
import { shearIssues } from "./sheared-axes.ts";

const eight = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

test("axes of a NIfTI file that are not perpendicular are told, and its affine is kept", async () => {
  const { geometry, issues } = await readVolume(
    "scan.nii",
    niftiFile(eight, { rows: [1, 0.5, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }),
  );
  expect(issues).toMatchObject([{ code: "axes-sheared", severity: "warning", subject: "scan.nii" }]);
  expect(issues[0].message).toContain(
    "axes of scan.nii must be perpendicular, but are up to 26.6 degrees off;",
  );
  expect(geometry.affine?.slice(0, 8)).toEqual([-1, -0.5, 0, 0, 0, -1, 0, 0]);
});

test("so are those of NRRD", async () => {
  const lines = nrrdLines({ "space directions": "(1,0,0) (0,1,0) (0,0.1,1)" });
  const { issues } = await readVolume("scan.nrrd", textFile(lines, eight));
  expect(issues.map(({ code }) => code)).toEqual(["axes-sheared"]);
});

test("axes that are oblique, or off by the rounding of a file, are not", () => {
  const [c, s] = [Math.cos(0.5), Math.sin(0.5)];
  for (const affine of [
    [c, -s, 0, 0, s, c, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1],
    [1, 0.005, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  ]) {
    expect(shearIssues({ name: "scan", geometry: { spacing: [1, 1, 1], unit: "mm", affine } })).toEqual([]);
  }
  expect(shearIssues({ name: "scan", geometry: { spacing: [1, 1, 1], unit: "px" } })).toEqual([]);
});
