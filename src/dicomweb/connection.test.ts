import { expect, test } from "vitest";
import { askOnce, type Connection } from "./connection.ts";

/** A server whose answers never come to an end, and a fetch that does not hear of abortion. */
function deafConnection(signal: AbortSignal, body: () => ReadableStream<Uint8Array> | undefined): Connection {
  const fetch = () => {
    const stream = body();
    return stream ? Promise.resolve(new Response(stream)) : new Promise<Response>(() => {});
  };
  return { root: "http://server/dicom-web", headers: {}, seconds: 60, attempts: 1, fetch, signal };
}

const QUESTION = { method: "GET", path: "/studies/1.2", headers: {} } as const;

test("who is aborted does not wait for a body that never ends", async () => {
  const stop = new AbortController();
  const endless = () => new ReadableStream<Uint8Array>({ start: (sink) => sink.enqueue(Uint8Array.of(1)) });
  const { chunks } = await askOnce(deafConnection(stop.signal, endless), QUESTION);
  expect((await chunks.next()).value).toEqual(Uint8Array.of(1));
  const next = chunks.next();
  stop.abort(new Error("enough"));
  await expect(next).rejects.toThrow("enough");
});

test("nor for an answer that never begins", async () => {
  const stop = new AbortController();
  const answer = askOnce(
    deafConnection(stop.signal, () => undefined),
    QUESTION,
  );
  stop.abort(new Error("enough"));
  await expect(answer).rejects.toThrow("enough");
});
