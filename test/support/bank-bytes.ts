// Banks with another header, made of a real one. A safetensors file is: length of the header (8 bytes, little-endian),
// the header as JSON, the data that the header's offsets count from.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** The bytes of a bank with some of its metadata replaced, and the checksum of these renewed. */
export function withMetadata(bank: string, change: (metadata: Record<string, string>) => object): Buffer {
  const bytes = readFileSync(bank);
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, end));
  const metadata = { ...header.__metadata__, ...change(header.__metadata__) };
  metadata.metadataSha256 = checksum(metadata);
  const json = JSON.stringify({ ...header, __metadata__: metadata });
  const padded = json.padEnd(json.length + ((8 - (Buffer.byteLength(json) % 8)) % 8));
  return Buffer.concat([lengthOf(padded), Buffer.from(padded), bytes.subarray(end)]);
}

/** As docs/file-format.md defines it. */
function checksum(metadata: Record<string, string>): string {
  const texts = Object.entries(metadata).filter(([key]) => key !== "metadataSha256");
  const sorted = texts.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}

function lengthOf(header: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return bytes;
}
