// DICOM files made for tests, explicit little endian, element by element.

export type MadeElement = readonly [tag: number, vr: string, value: MadeValue];
/** Text, numbers of the VR's kind, raw bytes, or the items of a sequence. */
export type MadeValue = string | readonly number[] | Uint8Array | readonly (readonly MadeElement[])[];

const LONG = new Set(["OB", "OW", "SQ", "UN", "UT"]);
const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
const EXPLICIT = "1.2.840.10008.1.2.1";

function numberBytes(vr: string, values: readonly number[]): number[] {
  const size = vr === "US" || vr === "SS" ? 2 : 4;
  return values.flatMap((value) =>
    Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** at) & 255),
  );
}

function isItems(value: MadeValue): value is readonly (readonly MadeElement[])[] {
  return Array.isArray(value) && Array.isArray(value[0]);
}

function valueBytes(vr: string, value: MadeValue): number[] {
  if (typeof value === "string") return [...value].map((letter) => letter.charCodeAt(0));
  if (value instanceof Uint8Array) return [...value];
  if (!isItems(value)) return numberBytes(vr, value as readonly number[]);
  return value.flatMap((item) => {
    const content = item.flatMap(elementBytes);
    return [0xfe, 0xff, 0x00, 0xe0, ...numberBytes("UL", [content.length]), ...content];
  });
}

function elementBytes([tag, vr, value]: MadeElement): number[] {
  const bytes = valueBytes(vr, value);
  if (bytes.length % 2 === 1) bytes.push(vr === "UI" ? 0 : 32);
  const head = [
    (tag >>> 16) & 255,
    tag >>> 24,
    tag & 255,
    (tag >>> 8) & 255,
    vr.charCodeAt(0),
    vr.charCodeAt(1),
  ];
  const length = LONG.has(vr)
    ? [0, 0, ...numberBytes("UL", [bytes.length])]
    : numberBytes("US", [bytes.length]);
  return [...head, ...length, ...bytes];
}

/** The bytes of a data set. */
export function madeDataset(elements: readonly MadeElement[]): Uint8Array {
  return Uint8Array.from(elements.flatMap(elementBytes));
}

/** A DICOM file: preamble, meta information, data set. */
export function madeFile(elements: readonly MadeElement[], syntax = EXPLICIT): Uint8Array {
  const meta = elementBytes([0x00020010, "UI", syntax]);
  const preamble = [...new Uint8Array(128), 0x44, 0x49, 0x43, 0x4d];
  return Uint8Array.from([...preamble, ...meta, ...madeDataset(elements)]);
}

/** Elements of a grey 8-bit image of 3 x 2 pixels, 0 to 5; `changes` replace or add, `null` leaves out. */
export function imageElements(changes: Readonly<Record<number, MadeElement | null>> = {}): MadeElement[] {
  const usual: MadeElement[] = [
    [0x00080016, "UI", SECONDARY_CAPTURE],
    [0x00080018, "UI", "2.25.1"],
    [0x00080060, "CS", "OT"],
    [0x00100010, "PN", "Planted^Name"],
    [0x0020000e, "UI", "2.25.2"],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280010, "US", [2]],
    [0x00280011, "US", [3]],
    [0x00280100, "US", [8]],
    [0x00280101, "US", [8]],
    [0x00280102, "US", [7]],
    [0x00280103, "US", [0]],
    [0x7fe00010, "OB", Uint8Array.of(0, 1, 2, 3, 4, 5)],
  ];
  const all = new Map<number, MadeElement | null>(usual.map((element) => [element[0], element]));
  for (const [tag, element] of Object.entries(changes)) all.set(Number(tag), element);
  const kept = [...all.values()].filter((element) => element !== null);
  return kept.sort((a, b) => a[0] - b[0]);
}

/** A file of such an image. */
export function madeImage(changes: Readonly<Record<number, MadeElement | null>> = {}): Uint8Array {
  return madeFile(imageElements(changes));
}
