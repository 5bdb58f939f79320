import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { isDicomWebUrl, parseDicomWebUrl } from "./dicomweb-url.ts";

describe("parseDicomWebUrl", () => {
  test.each([
    ["dicomweb+https://pacs.example/dicom-web", { root: "https://pacs.example/dicom-web" }],
    ["dicomweb+http://[::1]:8042/", { root: "http://[::1]:8042" }],
    [
      "dicomweb+http://127.0.0.1:8042/dicom-web/studies/1.2.3",
      { root: "http://127.0.0.1:8042/dicom-web", study: "1.2.3" },
    ],
    [
      "DICOMweb+HTTPS://pacs.example/aets/A/rs/studies/1.2/series/3.4/",
      { root: "https://pacs.example/aets/A/rs", study: "1.2", series: "3.4" },
    ],
    [
      "dicomweb+https://pacs.example/studies/1.2/series/3.4/instances/5.06",
      { root: "https://pacs.example", study: "1.2", series: "3.4", instance: "5.06" },
    ],
  ])("%s", (text, address) => {
    expect(parseDicomWebUrl(text)).toEqual(address);
  });

  test.each([
    ["https://pacs.example/dicom-web/studies/1.2", "must have the form dicomweb+https://HOST"],
    ["dicomweb+ftp://pacs.example/studies/1.2", "must have the form"],
    ["dicomweb+https://", "must have the form"],
    ["dicomweb+https://pacs.example/studies/1.2?limit=3", "without a query"],
    ["dicomweb+https://pacs.example/studies/1.2#3", "without a query"],
    ["dicomweb+https://pacs.example/studies", "check what follows /studies"],
    ["dicomweb+https://pacs.example/studies/1.2/instances/3.4", "check what follows /studies"],
    ["dicomweb+https://pacs.example/studies/1.2/series/3.4/frames/1", "check what follows /studies"],
    ["dicomweb+https://pacs.example/studies/1.2a", "the study of a DICOMweb address must be a UID"],
    ["dicomweb+https://pacs.example/studies/12", "the study of a DICOMweb address must be a UID"],
    ["dicomweb+https://pacs.example/studies/1..2", "the study of a DICOMweb address must be a UID"],
    [`dicomweb+https://pacs.example/studies/1.${"2".repeat(63)}`, "must be a UID"],
    ["dicomweb+https://pacs.example/studies/1.2/series/..%2f", "the series of a DICOMweb address"],
    ["dicomweb+https://pacs.example/studies/1.2/series/3.4/instances/", "check what follows /studies"],
  ])("refuses %s", (text, part) => expectMiasError(() => parseDicomWebUrl(text), "usage", part));

  test("refuses user and password, without repeating them", async () => {
    const read = () => parseDicomWebUrl("dicomweb+https://jane:s3cret@pacs.example/studies/1.2");
    await expectMiasError(read, "usage", "must hold no user or password");
    expect(read).not.toThrow(/jane|s3cret/);
  });
});

test("isDicomWebUrl knows an address from a file, even a wrong one", () => {
  const inputs = [
    "dicomweb+https://pacs.example",
    "DICOMWEB+oops",
    "dicomweb",
    "scan.dcm",
    "https://pacs.example",
  ];
  expect(inputs.map(isDicomWebUrl)).toEqual([true, true, false, false, false]);
});
