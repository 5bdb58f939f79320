/**
 * Whether a JPEG 2000 or HTJ2K codestream holds the whole of every tile-part that it announces (ITU-T T.800 A.4.2).
 * OpenJPH decodes what is there of a stream that is cut short, and does not tell.
 */
export function hasWholeTileParts(codestream: Uint8Array): boolean {
  const SOT = 0xff90;
  const EOC = 0xffd9;
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  const size = codestream.length;
  let at = 2;
  while (at + 4 <= size && view.getUint16(at) !== SOT) at += 2 + view.getUint16(at + 2);
  let parts = 0;
  while (at + 12 <= size && view.getUint16(at) === SOT) {
    const length = view.getUint32(at + 6);
    // A length of 0 is that of the last part, up to the end marker.
    if (length === 0) return view.getUint16(size - 2) === EOC;
    if (length < 14 || at + length > size) return false;
    at += length;
    parts++;
  }
  return parts > 0 && (at + 2 > size || view.getUint16(at) === EOC);
}
