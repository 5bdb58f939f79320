// A server without a socket: what a client asks is written down, and answered by a function.

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface FakeFetch {
  readonly asked: readonly Asked[];
  readonly fetch: typeof globalThis.fetch;
}

/** @param answer is called with the request and how many were made before it. */
export function fakeFetch(answer: (asked: Asked, before: number) => Response | Promise<Response>): FakeFetch {
  const asked: Asked[] = [];
  return {
    asked,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const one = { method, path: pathname + search, headers, body: await request.text() };
      asked.push(one);
      return answer(one, asked.length - 1);
    },
  };
}

/** DICOM JSON: records of tags and values. */
export function jsonAnswer(dataSets: readonly Readonly<Record<string, unknown>>[], status = 200): Response {
  const elements = dataSets.map(elementsOf);
  return new Response(JSON.stringify(elements), {
    status,
    headers: { "Content-Type": "application/dicom+json" },
  });
}

/** A data set of DICOM JSON from tags with single values; lists of records are sequences. */
export function elementsOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const element = (value: unknown) => ({ Value: Array.isArray(value) ? value.map(elementsOf) : [value] });
  return Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, element(value)]));
}

/** A multipart answer of files; `end` stands after the last one. */
export function filesAnswer(files: readonly Uint8Array[], end = "\r\n--B--\r\n"): Response {
  const parts = files.flatMap((file, i) => [
    `${i === 0 ? "" : "\r\n"}--B\r\nContent-Type: application/dicom\r\n\r\n`,
    file as Uint8Array<ArrayBuffer>,
  ]);
  return new Response(new Blob([...parts, end]), {
    headers: { "Content-Type": 'multipart/related; type="application/dicom"; boundary=B' },
  });
}
