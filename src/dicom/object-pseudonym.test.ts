import { describe, expect, test } from "vitest";
import { MADE_GEOMETRY, madeLesion, madeSeries } from "../../test/support/made-dicom.ts";
import { readDicom, within } from "../../test/support/read-dicom.ts";
import { pseudonymise } from "./object-pseudonym.ts";
import { encodeSegmentation } from "./seg-encode.ts";

const SECRET = "sixteen bytes and more";

describe("pseudonyms", () => {
  test("are the same for the same patient and secret", async () => {
    const [one, other, secret] = await Promise.all([
      pseudonymise(madeSeries(1), SECRET),
      pseudonymise(madeSeries(1, { StudyInstanceUID: "1.2.9", PatientName: "Spelled^Otherwise" }), SECRET),
      pseudonymise(madeSeries(1), `${SECRET}!`),
    ]);
    expect(one.attributes.PatientID).toMatch(/^MIAS-[0-9a-f]{16}$/);
    expect(other.attributes.PatientID).toBe(one.attributes.PatientID);
    expect(other.attributes.StudyInstanceUID).not.toBe(one.attributes.StudyInstanceUID);
    expect(secret.attributes.PatientID).not.toBe(one.attributes.PatientID);
  });

  test("of nobody are one for each study", async () => {
    const nobody = { PatientID: "", PatientName: "" };
    const [one, other] = await Promise.all([
      pseudonymise(madeSeries(1, nobody), SECRET),
      pseudonymise(madeSeries(1, { ...nobody, StudyInstanceUID: "1.2.9" }), SECRET),
    ]);
    expect(other.attributes.PatientID).not.toBe(one.attributes.PatientID);
  });

  test("are UIDs too, those of references among them, but not those of the standard", async () => {
    const wellKnown = "1.2.840.10008.1.4.1.1";
    const { frames, attributes } = await pseudonymise(
      madeSeries(2, { FrameOfReferenceUID: wellKnown, SeriesInstanceUID: "1.2.3.4.1" }),
      SECRET,
    );
    expect(frames[0].sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.2");
    expect(frames[0].sopInstanceUid).toMatch(/^2\.25\.\d{39}$/);
    expect(attributes.SeriesInstanceUID).toBe(frames[0].sopInstanceUid);
    expect(frames[1].sopInstanceUid).not.toBe(frames[0].sopInstanceUid);
    expect(attributes.FrameOfReferenceUID).toBe(wellKnown);
  });

  test("need a secret that cannot be tried out", async () => {
    await expect(pseudonymise(madeSeries(1), "short")).rejects.toMatchObject({ code: "usage" });
  });
});

test("a segmentation of them holds nothing of the patient", async () => {
  const planted = {
    ReferringPhysicianName: "Planted^Doctor",
    InstitutionName: "PLANTED",
    StudyDescription: "PLANTED",
    StudyID: "PLANTED",
    PatientAge: "054Y",
  };
  const series = await pseudonymise(madeSeries(1, planted), SECRET);
  const result = {
    name: "made",
    size: [1, 1, 1] as const,
    labels: Uint16Array.of(1),
    lesions: [madeLesion(1)],
  };
  const file = (await encodeSegmentation(series, result, MADE_GEOMETRY)) as Uint8Array;
  const text = new TextDecoder("latin1").decode(file);
  for (const value of ["lanted", "PLANTED", "19700102", "20240229", "054Y", "1.2.3.4", "1.2.3\0"]) {
    expect(text.includes(value), value).toBe(false);
  }
  const read = readDicom(file);
  expect(read).toMatchObject({
    PatientIdentityRemoved: "YES",
    StudyDate: "",
    LongitudinalTemporalInformationModified: "REMOVED",
  });
  expect(within(read, "DeidentificationMethodCodeSequence").CodeValue).toBe("113100");
});
