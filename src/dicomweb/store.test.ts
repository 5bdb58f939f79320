import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { elementsOf, fakeFetch } from "../../test/support/fake-fetch.ts";
import { tinyDicom } from "../../test/support/tiny-dicom.ts";
import { createDicomWeb } from "./dicomweb.ts";

const study = "1.2";
const file = (number: number) => ({
  name: `${number}.dcm`,
  bytes: tinyDicom({ study, series: "1.2.3", instance: `1.2.3.${number}` }),
});
const clientOf = (fetch: typeof globalThis.fetch) =>
  createDicomWeb({ root: "https://pacs.example/dicom-web", fetch, attempts: 2 });

function answer(values: Readonly<Record<string, unknown>>, status = 200): Response {
  return new Response(JSON.stringify(elementsOf(values)), {
    status,
    headers: { "Content-Type": "application/dicom+json" },
  });
}

const stored = (number: number, more = {}) =>
  answer({ "00081199": [{ "00081155": `1.2.3.${number}`, ...more }] });
const failed = (number: number, reason: number, status = 409) =>
  answer({ "00081198": [{ "00081155": `1.2.3.${number}`, "00081197": reason }] }, status);

describe("storeInstances", () => {
  test("sends one file a request, as multipart", async () => {
    const { fetch, asked } = fakeFetch((_, before) => stored(before + 1));
    const report = await clientOf(fetch).storeInstances(study, [file(1), file(2)]);
    expect(report).toEqual({ stored: ["1.dcm", "2.dcm"], failed: [], issues: [] });
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /dicom-web/studies/1.2",
      "POST /dicom-web/studies/1.2",
    ]);
    const [, boundary] = /boundary=(.*)/.exec(asked[0].headers.get("content-type") ?? "") ?? [];
    expect(asked[0].body.startsWith(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`)).toBe(true);
    expect(asked[0].body.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
  });

  test("tells why a file was refused, in words, and goes on", async () => {
    const answers = [
      failed(1, 0xa700),
      failed(2, 0xc122),
      failed(3, 0x0122, 202),
      failed(4, 0xc0ff),
      failed(5, 0x1234),
    ];
    const { fetch } = fakeFetch((_, before) => answers[before] ?? stored(6));
    const report = await clientOf(fetch).storeInstances(study, [1, 2, 3, 4, 5, 6].map(file));
    expect(report.stored).toEqual(["6.dcm"]);
    expect(report.failed).toEqual([
      { name: "1.dcm", reason: "the server is out of resources (A700H)" },
      { name: "2.dcm", reason: "the server does not support the transfer syntax (C122H)" },
      { name: "3.dcm", reason: "the server does not support the SOP Class (0122H)" },
      { name: "4.dcm", reason: "the server cannot understand the data set (C0FFH)" },
      { name: "5.dcm", reason: "the server gave a reason of its own (1234H)" },
    ]);
    expect(report.issues[0]).toEqual({
      code: "instance-not-stored",
      severity: "error",
      subject: "1.dcm",
      message:
        "1.dcm must be stored by the server, but the server is out of resources (A700H); send it again",
    });
  });

  test("a success that does not name the instance is none", async () => {
    const answers = [answer({}), new Response(null), stored(9)];
    const { fetch } = fakeFetch((_, before) => answers[before]);
    const report = await clientOf(fetch).storeInstances(study, [file(1), file(2), file(3)]);
    expect(report.stored).toEqual([]);
    expect(report.failed.map(({ reason }) => reason)).toEqual(Array(3).fill("the server did not confirm it"));
  });

  test("a warning is an issue of a stored file", async () => {
    const { fetch } = fakeFetch(() => stored(1, { "00081196": 0xb000 }));
    const report = await clientOf(fetch).storeInstances(study, [file(1)]);
    expect(report.stored).toEqual(["1.dcm"]);
    expect(report.issues.map(({ code, message }) => [code, message])).toEqual([
      [
        "instance-coerced",
        "1.dcm was stored, but the server changed data elements (B000H); compare it with what was sent",
      ],
    ]);
  });

  test("is tried again, with the same body", async () => {
    const { fetch, asked } = fakeFetch((_, before) =>
      before === 0 ? new Response(null, { status: 503 }) : stored(1),
    );
    expect((await clientOf(fetch).storeInstances(study, [file(1)])).stored).toEqual(["1.dcm"]);
    expect(asked).toHaveLength(2);
    expect(asked[1].body).toBe(asked[0].body);
  });

  test("a server that refuses the user is asked once, and every file is told of", async () => {
    const { fetch, asked } = fakeFetch(() => new Response(null, { status: 403 }));
    const report = await clientOf(fetch).storeInstances(study, [file(1), file(2)]);
    expect(report.failed.map(({ name }) => name)).toEqual(["1.dcm", "2.dcm"]);
    expect(report.failed[1].reason).toContain("must be allowed to this user, got status 403");
    expect(asked).toHaveLength(1);
  });

  test("what is no DICOM file is not sent, nor are the others", async () => {
    const { fetch, asked } = fakeFetch(() => stored(1));
    const note = { name: "note.txt", bytes: new TextEncoder().encode("hello") };
    const work = clientOf(fetch).storeInstances(study, [file(1), note]);
    await expectMiasError(work, "usage", "note.txt must be a DICOM file with a SOP Instance UID");
    expect(asked).toEqual([]);
  });
});
