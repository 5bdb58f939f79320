// One attempt of a request: fetch, and a body whose chunks must follow one another in time. fetch has no time-out of its
// own for a server that falls silent, so each wait has one here; the time that the reader takes is not counted.

import { stalled } from "./fault.ts";
import { networkFault } from "./network-fault.ts";

/** How a server is asked. */
export interface Connection {
  /** Of the service, without a slash at its end. */
  readonly root: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest silence of the server. */
  readonly seconds: number;
  readonly attempts: number;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal | undefined;
}

/** One thing to ask. */
export interface Question {
  readonly method: "GET" | "POST";
  /** Below the root: `/studies/...`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Blob;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Longest silence of the server. */
  readonly seconds: number;
  /** The body; throws a Fault where it stalls or breaks. Ends the exchange when left. */
  readonly chunks: AsyncGenerator<Uint8Array, void>;
  /** Ends the exchange, whatever is left of it. */
  close(): void;
}

/** Bytes of an upload for which the server gets a second more to answer. */
const UPLOAD_PER_SECOND = 2 ** 20;

export function urlOf({ root }: Connection, { path, query = {} }: Question): string {
  const search = new URLSearchParams(query).toString();
  return search === "" ? root + path : `${root}${path}?${search}`;
}

/** Asks once. @throws Fault, or the reason of the signal. */
export async function askOnce(connection: Connection, question: Question): Promise<Answer> {
  const { signal, seconds } = connection;
  signal?.throwIfAborted();
  const exchange = new AbortController();
  const follow = () => exchange.abort(signal?.reason);
  signal?.addEventListener("abort", follow, { once: true });
  const close = () => {
    signal?.removeEventListener("abort", follow);
    exchange.abort();
  };
  try {
    const patience = seconds + (question.body?.size ?? 0) / UPLOAD_PER_SECOND;
    const response = await inTime(
      connection.fetch(urlOf(connection, question), {
        method: question.method,
        headers: { ...connection.headers, ...question.headers },
        ...(question.body === undefined ? {} : { body: question.body }),
        // Neither credentials nor images follow to another address, and no cache keeps them.
        redirect: "manual",
        cache: "no-store",
        signal: exchange.signal,
      }),
      patience,
      signal,
    );
    const chunks = chunksOf(response.body, connection, close);
    return { status: response.status, headers: response.headers, seconds, chunks, close };
  } catch (error) {
    close();
    signal?.throwIfAborted();
    throw networkFault(error, seconds);
  }
}

async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
  { seconds, signal }: Connection,
  close: () => void,
): AsyncGenerator<Uint8Array, void> {
  const reader = body?.getReader();
  try {
    for (;;) {
      const next = reader && (await inTime(reader.read(), seconds, signal));
      if (next?.value === undefined) return;
      yield next.value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw networkFault(error, seconds);
  } finally {
    close();
  }
}

/** Gives up by itself: the body of a fetch that is aborted may leave its reader waiting (Node 20, once the answer is collected). */
function inTime<T>(work: Promise<T>, seconds: number, signal: AbortSignal | undefined): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  let giveUp = () => {};
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(stalled(seconds)), seconds * 1000);
    giveUp = () => reject(signal?.reason);
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  });
}
