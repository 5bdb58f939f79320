import { expect, test } from "vitest";
import { madeSeries } from "../../test/support/made-dicom.ts";
import { copiedAttributes } from "./object-attributes.ts";

test("patient and study are copied; what a reader expects is there without a value", () => {
  const { attributes } = madeSeries(1, { InstitutionName: "Planted", PatientAge: "054Y" });
  expect(copiedAttributes(attributes)).toEqual({
    PatientName: "Planted^Name",
    PatientID: "PLANTED-ID",
    PatientBirthDate: "19700102",
    PatientSex: "",
    PatientAge: "054Y",
    StudyInstanceUID: "1.2.3",
    StudyDate: "20240229",
    StudyTime: "101112",
    StudyID: "",
    AccessionNumber: "PLANTED-ACC",
    ReferringPhysicianName: "",
  });
});

test("a source that was de-identified is so still, with the codes of its method alone", () => {
  const code = { CodeValue: "113100", CodingSchemeDesignator: "DCM", CodeMeaning: "Basic Profile" };
  const source = {
    PatientIdentityRemoved: "YES",
    DeidentificationMethodCodeSequence: [{ ...code, "00091001": "PLANTED" }],
  };
  expect(copiedAttributes(source)).toMatchObject({
    PatientIdentityRemoved: "YES",
    DeidentificationMethodCodeSequence: [code],
  });
  expect(copiedAttributes({ PatientIdentityRemoved: "YES" })).toMatchObject({
    DeidentificationMethod: "not told by the source",
  });
});
