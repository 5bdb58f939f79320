// WADO-RS of one instance (PS3.18, 10.4), and the reading of DICOM files from an answer.

import { ask } from "./ask.ts";
import type { Answer, Connection, Question } from "./connection.ts";
import { cut, Fault, tooLarge } from "./fault.ts";
import { sopInstanceUidOf } from "./file-meta.ts";
import type { SeriesPath } from "./find.ts";
import { DICOM_PARTS, partsOf } from "./multipart.ts";

/** The UIDs that name an instance. */
export interface InstancePath extends SeriesPath {
  readonly instance: string;
}

/** One DICOM file. @param largest bytes that it may have. @throws ServerError */
export async function retrieveInstance(
  connection: Connection,
  { study, series, instance }: InstancePath,
  largest: number,
): Promise<Uint8Array> {
  const path = `/studies/${study}/series/${series}/instances/${instance}`;
  return ask(connection, filesQuestion(path), {
    read: async (answer) => {
      for await (const bytes of filesOf(answer, largest)) {
        const uid = sopInstanceUidOf(bytes);
        if (uid === instance) return bytes;
        if (uid !== undefined) throw another();
      }
      throw cut("no DICOM file");
    },
  });
}

/** The files of an answer; a lone one may come without multipart, as some servers give it. @throws Fault */
export async function* filesOf(answer: Answer, largest: number): AsyncGenerator<Uint8Array, void> {
  const type = answer.headers.get("content-type");
  if (/^\s*application\/dicom\s*(?:;|$)/i.test(type ?? "")) yield await wholeOf(answer, largest);
  else yield* partsOf(answer.chunks, type, largest);
}

async function wholeOf({ chunks, headers }: Answer, largest: number): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > largest) throw tooLarge(largest);
    parts.push(chunk as Uint8Array<ArrayBuffer>);
  }
  const told = headers.has("content-encoding") ? 0 : Number(headers.get("content-length") ?? 0);
  if (size < told) throw cut("a body that ends early");
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Asks for the DICOM files below a path. */
export function filesQuestion(path: string): Question {
  return { method: "GET", path, headers: { Accept: DICOM_PARTS } };
}

function another(): Fault {
  return new Fault({}, [
    "be answered with the instance asked for",
    "another one",
    "look at the server's log",
  ]);
}
