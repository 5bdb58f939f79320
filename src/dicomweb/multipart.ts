// The bodies of DICOMweb (PS3.18, 8.6.1.2; RFC 2046, 5.1): multipart/related, one DICOM file a part. The parser is made
// for forms and is strict about what stands before the first boundary and after the last one; both are allowed here.

import { getMultipartBoundary, MaxFileSizeExceededError, MultipartParser } from "@remix-run/multipart-parser";
import { cut, Fault, tooLarge, wrongType } from "./fault.ts";

/** Asks for files as they are stored; without `transfer-syntax=*` a server must decompress them. */
export const DICOM_PARTS = 'multipart/related; type="application/dicom"; transfer-syntax=*';

/**
 * The contents of the parts, each as soon as it is complete; one is in memory at a time.
 * @param largest bytes that a part may have.
 * @throws Fault where the body is none of these, is damaged or ends early, or a part is too large.
 */
export async function* partsOf(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string | null,
  largest: number,
): AsyncGenerator<Uint8Array, void> {
  const isMultipart = /^\s*multipart\/related\s*(?:;|$)/i.test(contentType ?? "");
  const boundary = getMultipartBoundary(contentType ?? "")?.trim();
  if (!isMultipart || !boundary) throw wrongType("multipart/related with a boundary", contentType);
  const parser = new MultipartParser(boundary, {
    maxFileSize: largest,
    maxTotalSize: Number.POSITIVE_INFINITY,
    maxParts: Number.POSITIVE_INFINITY,
  });
  let isPreamble = true;
  for (const bytes of contents(parser, opening(boundary))) yield bytes;
  for await (const chunk of chunks) {
    for (const bytes of contents(parser, chunk)) {
      if (!isPreamble) yield bytes;
      isPreamble = false;
    }
  }
  if (!isComplete(parser)) throw cut("a body that ends early");
}

/** The head of a part of our own, which takes in what stands before the first boundary, mostly nothing. */
function opening(boundary: string): Uint8Array {
  return new TextEncoder().encode(`--${boundary}\r\nPreamble:\r\n\r\n\r\n`);
}

function* contents(parser: MultipartParser, chunk: Uint8Array): Generator<Uint8Array, void> {
  try {
    for (const part of parser.write(chunk)) {
      const told = Number(part.headers["content-length"] ?? 0);
      if (part.size < told) throw cut("a part that is shorter than told");
      yield part.bytes;
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (error instanceof MaxFileSizeExceededError) throw tooLarge(parser.maxFileSize);
    // What follows the last boundary is no part.
    if (!isComplete(parser)) throw cut("a damaged body", error);
  }
}

function isComplete(parser: MultipartParser): boolean {
  try {
    parser.finish();
    return true;
  } catch {
    return false;
  }
}

/** A body with one DICOM file, and its content type. Its length is known, as some servers store nothing of a chunked one. */
export function multipartBody(file: Uint8Array): { readonly body: Blob; readonly contentType: string } {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const boundary = `mias-${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
  return {
    body: new Blob([head, file as Uint8Array<ArrayBuffer>, `\r\n--${boundary}--\r\n`]),
    contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
  };
}
