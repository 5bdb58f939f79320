import { headerLines, numbersOf } from "./text-header.ts";
import { damagedVolume } from "./volume-errors.ts";

export interface MetaImageHeader {
  /** 2 to 4. */
  readonly dimensions: number;
  /** The text of a field; undefined where it is absent. */
  field(key: string): string | undefined;
  /** `count` numbers of the first field that is there, `key` or one of its older names. */
  numbers(key: string, count: number, ...older: readonly string[]): number[] | undefined;
  /** Whether one of these fields is True. */
  flag(...keys: readonly string[]): boolean;
  /** Where the voxels of an .mha begin. */
  readonly end: number;
}

const LINE = /^\s*([A-Za-z]\w*)\s*=\s*(.*?)\s*$/;
/** Fields that come before any other in files in use. */
const FIRST_FIELDS =
  /^(ObjectType|ObjectSubType|Comment|NDims|TransformType|AcquisitionDate|Name|ID|ParentID)$/;

/** Whether bytes begin as MetaImage's do: with one of the fields that come first. */
export function isMetaImage(bytes: Uint8Array): boolean {
  const [first] = headerLines(bytes.subarray(0, 1024));
  return FIRST_FIELDS.test(LINE.exec(first?.text ?? "")?.[1] ?? "");
}

/**
 * Splits a header into its fields, up to ElementDataFile, which ends it.
 * @throws MiasError `image-unreadable` where a line is no field, or the header does not end
 */
export function parseMetaImageHeader(name: string, bytes: Uint8Array): MetaImageHeader {
  const fields = new Map<string, string>();
  let end = 0;
  for (const line of headerLines(bytes)) {
    const [, key, text] = LINE.exec(line.text) ?? [];
    if (key === undefined && line.text.trim() === "") continue;
    if (key === undefined)
      throw damagedVolume(name, "MetaImage", 'each line of its header must be "field = value"');
    fields.set(key, text);
    end = line.end;
    if (key === "ElementDataFile") break;
  }
  if (!fields.has("ElementDataFile")) throw damagedVolume(name, "MetaImage", "it must tell ElementDataFile");
  const field = (key: string) => fields.get(key);
  const numbers = (key: string, count: number, ...older: readonly string[]) => {
    const known = [key, ...older].find((each) => fields.has(each));
    if (known === undefined) return undefined;
    return numbersOf({ name, format: "MetaImage", key: known }, fields.get(known) ?? "", count);
  };
  const [dimensions] = numbers("NDims", 1) ?? [0];
  if (![2, 3, 4].includes(dimensions)) {
    throw damagedVolume(name, "MetaImage", `NDims must be 2 to 4, got ${dimensions}`);
  }
  const flag = (...keys: readonly string[]) => keys.some((key) => /^(true|1)$/i.test(fields.get(key) ?? ""));
  return { dimensions, field, numbers, flag, end };
}
