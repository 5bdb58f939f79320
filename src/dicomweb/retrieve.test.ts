import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { type Asked, fakeFetch, filesAnswer, jsonAnswer } from "../../test/support/fake-fetch.ts";
import { tinyDicom } from "../../test/support/tiny-dicom.ts";
import type { Issue } from "../types.ts";
import { createDicomWeb, type DicomWebOptions } from "./dicomweb.ts";

const [study, series] = ["1.2", "1.2.3"];
const uid = (number: number) => `1.2.3.${number}`;
const file = (number: number) => tinyDicom({ study, series, instance: uid(number), number });
const ALL = [1, 2, 3, 4];

/** A server with the series, whose answers to the series as a whole and to an instance are given. */
function server(whole: () => Response, single: (number: number, times: number) => Response) {
  const times = new Map<string, number>();
  return fakeFetch(({ path }: Asked) => {
    if (path.includes("/instances?"))
      return jsonAnswer(ALL.map((n) => ({ "00080018": uid(n), "00200013": n })));
    if (path.endsWith(`/series/${series}`)) return whole();
    times.set(path, (times.get(path) ?? 0) + 1);
    return single(Number(path.split(".").at(-1)), times.get(path) ?? 0);
  });
}

async function retrieve(fetch: typeof globalThis.fetch, options: Partial<DicomWebOptions> = {}) {
  const client = createDicomWeb({ root: "https://pacs.example", fetch, attempts: 2, ...options });
  const issues: Issue[] = [];
  const names: string[] = [];
  for await (const { name, bytes } of client.retrieveSeries(study, series, (issue) => issues.push(issue))) {
    expect(bytes).toEqual(file(Number(name.replace("instance ", ""))));
    names.push(name.replace("instance 000", ""));
  }
  return { names: names.join(""), issues };
}

const singles = (asked: readonly Asked[]) =>
  asked.flatMap(({ path }) => (path.includes("/instances/") ? [path.split(".").at(-1)] : [])).join("");
const cutAt = (count: number) => () => filesAnswer(ALL.slice(0, count).map(file), "\r\n--B\r\n\r\n");
const status = (code: number) => new Response("Doe^Jane", { status: code });

describe("retrieveSeries", () => {
  test("takes all from one answer, in the server's order", async () => {
    const { fetch, asked } = server(
      () => filesAnswer([3, 1, 4, 2].map(file)),
      () => status(500),
    );
    expect(await retrieve(fetch)).toEqual({ names: "3142", issues: [] });
    expect(asked.at(-1)?.headers.get("accept")).toBe(
      'multipart/related; type="application/dicom"; transfer-syntax=*',
    );
  });

  test("asks only for what a broken answer lacks", async () => {
    const { fetch, asked } = server(cutAt(2), (n) => filesAnswer([file(n)]));
    expect(await retrieve(fetch)).toEqual({ names: "1234", issues: [] });
    expect(singles(asked)).toBe("34");
  });

  test("asks for what an answer lacks or has in a damaged form, and gives no instance twice", async () => {
    const damaged = file(3).fill(0, 128, 132);
    const whole = () => filesAnswer([file(1), damaged, new Uint8Array(), file(1), file(4)]);
    const { fetch, asked } = server(whole, (n) => filesAnswer([file(n)]));
    expect(await retrieve(fetch)).toEqual({ names: "1423", issues: [] });
    expect(singles(asked)).toBe("23");
  });

  test.each([406, 500])(
    "asks for instances where a series cannot be had as a whole: status %i",
    async (code) => {
      const { fetch, asked } = server(
        () => status(code),
        (n) => filesAnswer([file(n)]),
      );
      expect(await retrieve(fetch)).toEqual({ names: "1234", issues: [] });
      expect(singles(asked)).toBe("1234");
    },
  );

  test("an instance that fails twice is an issue, and the rest is there", async () => {
    const { fetch, asked } = server(cutAt(1), (n) => (n === 2 ? status(500) : filesAnswer([file(n)])));
    const { names, issues } = await retrieve(fetch);
    expect(names).toBe("134");
    expect(issues).toEqual([
      {
        code: "instance-failed",
        severity: "error",
        subject: "instance 0002",
        message:
          "GET https://pacs.example/studies/1.2/series/1.2.3/instances/1.2.3.2 must be answered, got status 500 in each of 2 attempts; try again later, or look at the server's log",
      },
    ]);
    expect(singles(asked)).toBe("2234");
  });

  test("an instance whose answer is cut is asked for again", async () => {
    const single = (n: number, times: number) => filesAnswer([file(n)], times === 1 ? "" : undefined);
    const { fetch, asked } = server(cutAt(3), single);
    expect(await retrieve(fetch)).toEqual({ names: "1234", issues: [] });
    expect(singles(asked)).toBe("44");
  });

  test("after two in a row that failed, each gets one attempt", async () => {
    const { fetch, asked } = server(cutAt(0), (n) => (n === 4 ? filesAnswer([file(4)]) : status(503)));
    const { names, issues } = await retrieve(fetch);
    expect(names).toBe("4");
    expect(issues.map(({ subject }) => subject)).toEqual(["instance 0001", "instance 0002", "instance 0003"]);
    expect(singles(asked)).toBe("112234");
  });

  test("where the user is refused in the middle, the rest is not asked for", async () => {
    const { fetch, asked } = server(cutAt(1), () => status(401));
    const { names, issues } = await retrieve(fetch);
    expect(names).toBe("1");
    expect(issues.map(({ code, subject }) => [code, subject])).toEqual([
      ["instance-failed", "instance 0002"],
      ["instances-missing", "series 1.2.3"],
    ]);
    expect(issues[1].message).toBe(
      "GET https://pacs.example/studies/1.2/series/1.2.3 must give 4 instances, got 1, and 2 were not asked for after the server failed; retrieve the series again",
    );
    expect(singles(asked)).toBe("2");
  });

  test("nothing at all is an error", async () => {
    const { fetch } = server(cutAt(0), () => status(404));
    await expectMiasError(retrieve(fetch), "server-refused", "must name what the server has, got status 404");
  });

  test("an instance above the limit is an issue", async () => {
    const big = tinyDicom({ study, series, instance: uid(2), pixels: new Uint16Array(4000) });
    const whole = () => filesAnswer([file(1), big, file(3), file(4)]);
    const { fetch } = server(whole, (n) => filesAnswer([n === 2 ? big : file(n)]));
    const { names, issues } = await retrieve(fetch, { largestInstance: 5000 });
    expect(names).toBe("134");
    expect(issues.map(({ message }) => message)).toEqual([
      expect.stringContaining("must be answered with at most 5000 bytes at a time, got more"),
    ]);
  });

  test("tells how far it is, and ends when aborted", async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const onProgress = ({ done, total }: { done: number; total?: number }) => {
      told.push(`${done}/${total}`);
      if (done === 3) stop.abort(new Error("enough"));
    };
    const { fetch } = server(cutAt(2), (n) => filesAnswer([file(n)]));
    await expect(retrieve(fetch, { signal: stop.signal, onProgress })).rejects.toThrow("enough");
    expect(told).toEqual(["1/4", "2/4", "3/4"]);
  });
});

describe("retrieveInstance", () => {
  const retrieveOne = (answer: () => Response) =>
    createDicomWeb({
      root: "https://pacs.example",
      fetch: fakeFetch(answer).fetch,
      attempts: 1,
    }).retrieveInstance(study, series, uid(1));

  test("may come alone, without multipart", async () => {
    const headers = { "Content-Type": "application/dicom", "Content-Length": `${file(1).length}` };
    const alone = (bytes: Uint8Array) => () => new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
    expect(await retrieveOne(alone(file(1)))).toEqual(file(1));
    await expectMiasError(
      retrieveOne(alone(file(1).subarray(0, 400))),
      "server-failed",
      "got a body that ends early",
    );
  });

  test.each([
    ["another instance", () => filesAnswer([file(2)]), "server-refused", "got another one"],
    ["no part", () => filesAnswer([]), "server-failed", "got no DICOM file"],
    ["an empty part", () => filesAnswer([new Uint8Array()]), "server-failed", "got no DICOM file"],
    ["JSON", () => jsonAnswer([]), "server-refused", "got application/dicom+json"],
  ] as const)("%s is an error", (_, answer, code, part) => expectMiasError(retrieveOne(answer), code, part));
});
