// The DICOMweb client and a server on loopback that fails, stalls, cuts bodies, and sends elsewhere.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { createDicomWeb, type DicomWebOptions } from "../src/dicomweb/dicomweb.ts";
import { MiasError } from "../src/errors.ts";
import type { Issue } from "../src/types.ts";
import { expectMiasError } from "./support/expect-mias-error.ts";
import { tinyDicom } from "./support/tiny-dicom.ts";

type Answer = (asked: IncomingMessage, answer: ServerResponse) => unknown;

const [study, series] = ["1.2", "1.2.3"];
const uid = (number: number) => `1.2.3.${number}`;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Answers the first request with the first answer and so on; the last one stands for all that follow. */
async function serve(...answers: readonly Answer[]) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answers[Math.min(asked.length, answers.length) - 1](request, response);
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port must be a number");
  return { root: `http://127.0.0.1:${address.port}/dicom-web`, asked };
}

const clientOf = (root: string, options: Partial<DicomWebOptions> = {}) =>
  createDicomWeb({ root, attempts: 3, timeoutSeconds: 5, ...options });

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, answer) =>
    answer.writeHead(code, headers).end();
const list =
  (tag: string, uids: readonly string[]): Answer =>
  ({ url }, answer) => {
    const page = url?.includes("offset=0") ? uids : [];
    const body = JSON.stringify(page.map((value) => ({ [tag]: { vr: "UI", Value: [value] } })));
    answer.writeHead(200, { "Content-Type": "application/dicom+json" }).end(body);
  };
const seriesList = list("0020000E", [series]);
const silence: Answer = () => {};

const MULTIPART = { "Content-Type": 'multipart/related; type="application/dicom"; boundary=B' };
const partOf = (file: Uint8Array) =>
  Buffer.concat([Buffer.from("--B\r\nContent-Type: application/dicom\r\n\r\n"), file, Buffer.from("\r\n")]);
const END = Buffer.from("--B--\r\n");
const file = (number: number) => tinyDicom({ study, series, instance: uid(number) });

describe("passing failures", () => {
  test.each([408, 500, 502, 503, 599])("status %i is tried again", async (code) => {
    const { root, asked } = await serve(status(code), status(code), seriesList);
    expect(await clientOf(root).findSeries(study)).toEqual([{ uid: series }]);
    expect(asked).toHaveLength(4);
  });

  test("waits are 0.3 s, then 0.6 s", async () => {
    const { root } = await serve(status(500), status(500), seriesList);
    const start = performance.now();
    await clientOf(root).findSeries(study);
    expect(performance.now() - start).toBeGreaterThan(890);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test("Retry-After is obeyed", async () => {
    const { root } = await serve(status(429, { "Retry-After": "1" }), seriesList);
    const start = performance.now();
    await clientOf(root).findSeries(study);
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  test("end after the attempts, with one sentence", async () => {
    const { root, asked } = await serve(status(503));
    const sentence = `GET ${root}/studies/1.2/series must be answered, got status 503 in each of 3 attempts; try again later`;
    await expectMiasError(clientOf(root).findSeries(study), "server-failed", sentence);
    expect(asked).toHaveLength(3);
  });

  test("a server that is not there", async () => {
    const { root } = await serve(silence);
    servers[0].close();
    await once(servers[0], "close");
    const sentence = "must reach a server, got a refused connection in each of 2 attempts; check host, port";
    await expectMiasError(clientOf(root, { attempts: 2 }).findSeries(study), "server-failed", sentence);
  });

  test("a host that does not exist", () =>
    expectMiasError(
      clientOf("http://pacs.invalid/dicom-web", { attempts: 1 }).findSeries(study),
      "server-failed",
      "must reach a server, got no such host",
    ));

  test("a list that drips is not waited for without end, nor asked for again", async () => {
    const drip: Answer = async (_, answer) => {
      answer.writeHead(200, { "Content-Type": "application/dicom+json" });
      for (; !answer.destroyed; await wait(20)) answer.write(" ");
    };
    const { root, asked } = await serve(drip);
    const sentence = "must be answered in full within 0.5 s, got a part of it; look at the server's log";
    const work = clientOf(root, { timeoutSeconds: 0.1 }).findSeries(study);
    await expectMiasError(work, "server-refused", sentence);
    expect(asked).toHaveLength(1);
  });

  test("a connection that breaks before the answer", async () => {
    const { root } = await serve((asked) => asked.socket.destroy(), seriesList);
    expect(await clientOf(root).findSeries(study)).toHaveLength(1);
  });
});

describe("lasting failures are not tried again:", () => {
  test.each([
    [400, "must be understood by the server"],
    [401, "check --user and MIAS_DICOMWEB_PASSWORD, or MIAS_DICOMWEB_TOKEN"],
    [403, "must be allowed to this user"],
    [404, "must name what the server has, got status 404; check the address and its UIDs"],
    [413, "must be no larger than the server takes"],
  ])("status %i", async (code, part) => {
    const { root, asked } = await serve(status(code));
    await expectMiasError(clientOf(root).findSeries(study), "server-refused", part);
    expect(asked).toHaveLength(1);
  });

  test("a redirect, to which neither credentials nor images go", async () => {
    const elsewhere = await serve(seriesList);
    const { root } = await serve(status(307, { Location: `${elsewhere.root}/studies/1.2/series` }));
    const authorization = { kind: "bearer", token: "s3cret" } as const;
    const sentence =
      "must be answered by this server itself, got a redirect; give the address that it leads to";
    const client = clientOf(root, { authorization });
    await expectMiasError(client.findSeries(study), "server-refused", sentence);
    const report = await client.storeInstances(study, [{ name: "a", bytes: file(1) }]);
    expect(report.failed[0].reason).toContain(sentence);
    expect(elsewhere.asked).toEqual([]);
  });
});

describe("credentials", () => {
  test.each([
    [{ kind: "basic", user: "jane", password: "s3cret" }, "Basic amFuZTpzM2NyZXQ="],
    [{ kind: "bearer", token: "s3cret" }, "Bearer s3cret"],
  ] as const)("%o are sent, and never told", async (authorization, header) => {
    const { root, asked } = await serve(seriesList, seriesList, status(401));
    const client = clientOf(root, { authorization });
    await client.findSeries(study);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([header, header]);
    const error = (await client.findSeries(study).catch((reason: unknown) => reason)) as Error;
    expect(error).toBeInstanceOf(MiasError);
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toMatch(
      /s3cret|c3cret|amFu/,
    );
  });
});

describe("silence", () => {
  test("before the answer", async () => {
    const { root, asked } = await serve(silence, silence, seriesList);
    expect(await clientOf(root, { timeoutSeconds: 0.2 }).findSeries(study)).toHaveLength(1);
    expect(asked.length).toBeGreaterThanOrEqual(3);
  });

  test("in the middle of a body, for good", async () => {
    const { root, asked } = await serve((_, answer) => {
      answer.writeHead(200, { "Content-Type": "application/dicom+json" }).write("[");
    });
    const work = clientOf(root, { timeoutSeconds: 0.2, attempts: 2 }).findSeries(study);
    const sentence =
      "must be answered without a pause of 0.2 s, got nothing for so long in each of 2 attempts";
    await expectMiasError(work, "server-failed", sentence);
    expect(asked).toHaveLength(2);
  });

  test.each(["an answer", "the next attempt"])("abortion does not wait for %s", async (what) => {
    const { root, asked } = await serve(
      what === "an answer" ? silence : status(429, { "Retry-After": "60" }),
    );
    const stop = new AbortController();
    const work = clientOf(root, { signal: stop.signal }).findSeries(study);
    setTimeout(() => stop.abort(new Error("enough")), 200);
    const start = performance.now();
    await expect(work).rejects.toThrow("enough");
    expect(performance.now() - start).toBeLessThan(1500);
    expect(asked).toHaveLength(1);
    await wait(50);
    if (what === "an answer") expect(asked[0].socket.destroyed).toBe(true);
  });
});

describe("a series", () => {
  const three = list("00080018", [1, 2, 3].map(uid));
  const single: Answer = ({ url }, answer) =>
    answer.writeHead(200, MULTIPART).end(Buffer.concat([partOf(file(Number(url?.split(".").at(-1)))), END]));

  async function retrieve(root: string, pause = 0, options: Partial<DicomWebOptions> = {}) {
    const issues: Issue[] = [];
    const found: string[] = [];
    for await (const { uid } of clientOf(root, options).retrieveSeries(study, series, (one) =>
      issues.push(one),
    )) {
      found.push(uid);
      await wait(pause);
    }
    return { found, issues };
  }

  test.each<[string, Answer]>([
    [
      "destroyed",
      (_, answer) => answer.writeHead(200, MULTIPART).write(partOf(file(2)), () => answer.destroy()),
    ],
    ["ended as if it were whole", (_, answer) => answer.writeHead(200, MULTIPART).end(partOf(file(2)))],
    [
      "shorter than its Content-Length",
      (_, answer) => {
        answer.writeHead(200, { ...MULTIPART, "Content-Length": "100000" });
        answer.write(Buffer.concat([partOf(file(2)), partOf(file(3)).subarray(0, 300)]), () =>
          answer.destroy(),
        );
      },
    ],
    [
      "stalling",
      (_, answer) =>
        answer
          .writeHead(200, MULTIPART)
          .write(Buffer.concat([partOf(file(2)), partOf(file(3)).subarray(0, 300)])),
    ],
  ])("whose body is %s: what lacks is asked for, and nothing twice", async (_, whole) => {
    const { root, asked } = await serve(three, three, whole, single);
    const { found, issues } = await retrieve(root, 0, { timeoutSeconds: 0.5 });
    expect(issues).toEqual([]);
    // The last part of a broken body is not known to be whole.
    expect(found.toSorted()).toEqual([1, 2, 3].map(uid));
    expect(new Set(asked.map(({ url }) => url)).size).toBe(asked.length);
  });

  test("that is read slowly is no silence of the server", async () => {
    const whole: Answer = (_, answer) =>
      answer.writeHead(200, MULTIPART).end(Buffer.concat([...[1, 2, 3].map((n) => partOf(file(n))), END]));
    const { root, asked } = await serve(three, three, whole, single);
    expect(await retrieve(root, 400, { timeoutSeconds: 0.3 })).toEqual({
      found: [1, 2, 3].map(uid),
      issues: [],
    });
    expect(asked).toHaveLength(3);
  });

  test("does not run ahead of its reader", async () => {
    const [count, pixels] = [40, new Uint16Array(2 ** 20)];
    let sent = 0;
    const whole: Answer = async (_, answer) => {
      answer.writeHead(200, MULTIPART);
      for (let n = 0; n < count; n++) {
        const part = partOf(tinyDicom({ study, series, instance: uid(n), pixels, columns: 1024 }));
        if (!answer.write(part)) await once(answer, "drain");
        sent++;
      }
      answer.end(END);
    };
    const many = list(
      "00080018",
      Array.from({ length: count }, (_, n) => uid(n)),
    );
    const { root } = await serve(many, many, whole);
    let arrived = 0;
    for await (const { bytes } of clientOf(root).retrieveSeries(study, series, ({ message }) =>
      expect.fail(message),
    )) {
      if (arrived++ === 0) await wait(500);
      // Sockets hold a few MiB of their own.
      expect(sent - arrived).toBeLessThan(12);
      expect(bytes.length).toBeGreaterThan(2 ** 21);
    }
    expect(arrived).toBe(count);
  });
});
