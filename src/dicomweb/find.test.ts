import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { fakeFetch, jsonAnswer } from "../../test/support/fake-fetch.ts";
import { createDicomWeb } from "./dicomweb.ts";

const root = "https://pacs.example/dicom-web";
const UID = "00080018";
const NUMBER = "00200013";
const clientOf = (fetch: typeof globalThis.fetch) => createDicomWeb({ root, fetch, attempts: 1 });

describe("findSeries", () => {
  test("tells what is not personal, by number", async () => {
    const list = [
      { "0020000E": "1.2.9", "00080060": "SEG", "00100010": "Doe^Jane" },
      { "0020000E": "1.2.7", "00080060": "CT", "00200011": "2", "00201209": 40 },
      { "0020000E": "1.2.8", "00200011": 1 },
    ];
    const { fetch, asked } = fakeFetch((_, before) => jsonAnswer(before === 0 ? list : []));
    expect(await clientOf(fetch).findSeries("1.2")).toEqual([
      { uid: "1.2.8", number: 1 },
      { uid: "1.2.7", modality: "CT", number: 2, instances: 40 },
      { uid: "1.2.9", modality: "SEG" },
    ]);
    expect(asked.map(({ path }) => path)).toEqual([
      "/dicom-web/studies/1.2/series?limit=1000&offset=0&includefield=00201209",
      "/dicom-web/studies/1.2/series?limit=1000&offset=3&includefield=00201209",
    ]);
    expect(asked[0].headers.get("accept")).toBe("application/dicom+json");
  });
});

describe("findInstances", () => {
  const all = Array.from({ length: 25 }, (_, i) => ({ [UID]: `1.2.3.${i}`, [NUMBER]: i }));

  test("goes on where a server cuts its lists off without a word", async () => {
    const { fetch, asked } = fakeFetch(({ path }) => {
      const offset = Number(new URLSearchParams(path.split("?")[1]).get("offset"));
      return jsonAnswer(all.slice(offset, offset + 12));
    });
    expect(await clientOf(fetch).findInstances("1.2", "1.3")).toHaveLength(25);
    expect(asked).toHaveLength(4);
  });

  test("ends where a server ignores the offset", async () => {
    const { fetch, asked } = fakeFetch(() => jsonAnswer(all.slice(0, 12)));
    expect(await clientOf(fetch).findInstances("1.2", "1.3")).toHaveLength(12);
    expect(asked).toHaveLength(2);
  });

  test("takes no UID that could lead elsewhere", async () => {
    const { fetch } = fakeFetch(() => jsonAnswer([{ [UID]: "1.2.3/../../x" }, { [UID]: "1.2.4" }]));
    expect(await clientOf(fetch).findInstances("1.2", "1.3")).toEqual([{ uid: "1.2.4" }]);
  });

  test("nothing but an invalid UID is no empty list", async () => {
    const { fetch } = fakeFetch(() => jsonAnswer([{ [UID]: "../../etc" }]));
    const sentence = "must be answered with UIDs, got an invalid UID; look at the server's log";
    await expectMiasError(clientOf(fetch).findInstances("1.2", "1.3"), "server-refused", sentence);
  });

  test.each([
    ["an empty list", () => jsonAnswer([])],
    ["status 204", () => new Response(null, { status: 204 })],
  ])("%s is nothing there", async (_, answer) => {
    const { fetch } = fakeFetch(answer);
    const sentence =
      "GET https://pacs.example/dicom-web/studies/1.2/series/….5678.90/instances must name what the server has, got an empty list";
    await expectMiasError(clientOf(fetch).findInstances("1.2", "1.2.5678.90"), "server-refused", sentence);
  });

  test.each([
    ["a page for people", "<html>", "text/html", "server-refused", "got text/html; check that the address"],
    [
      "half of a JSON",
      '[{"00080018": {"Value": ["1.2',
      "application/json",
      "server-failed",
      "got JSON that ends early",
    ],
    [
      "other JSON",
      '[{"00080018": "1.2.3"}]',
      "application/json",
      "server-failed",
      "got JSON that is not DICOM's",
    ],
  ] as const)("%s is an error", async (_, body, type, code, part) => {
    const { fetch } = fakeFetch(() => new Response(body, { headers: { "Content-Type": type } }));
    await expectMiasError(clientOf(fetch).findInstances("1.2", "1.3"), code, part);
  });

  test("an error told as JSON is known by its status; its words are not repeated", async () => {
    const { fetch } = fakeFetch(() => jsonAnswer([{ "00100010": "Doe^Jane" }], 400));
    const work = clientOf(fetch).findInstances("1.2", "1.3");
    await expectMiasError(work, "server-refused", "must be understood by the server, got status 400");
    await work.catch((error) => expect(`${error.message} ${error.cause}`).not.toContain("Doe"));
  });

  test("a UID of the caller is checked before anything is asked", async () => {
    const { fetch, asked } = fakeFetch(() => jsonAnswer([]));
    await expectMiasError(clientOf(fetch).findInstances("1.2", "../x"), "usage", "series must be a UID");
    expect(asked).toEqual([]);
  });
});
