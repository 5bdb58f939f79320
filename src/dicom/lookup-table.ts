import type { DicomAttributes } from "../volume-types.ts";
import { bytesOfAttribute, numbersOf } from "./attribute-values.ts";
import { truncatedDicom, unreadableDicom, unsupportedDicom } from "./dicom-errors.ts";
import type { LookupTable } from "./instance.ts";

/** How the stored values that go into a table are written. */
interface TableInput {
  readonly signed: boolean;
  readonly littleEndian: boolean;
}

/**
 * A table of values (DICOM PS3.3 C.11.1.1 and C.7.6.3.1.5) from its descriptor (entries, first stored value, bits) and
 * its data, bytes or 16-bit words.
 * @throws MiasError `image-unreadable` where the descriptor or the data do not do
 */
export function readLookupTable(
  name: string,
  attributes: DicomAttributes,
  descriptorKeyword: string,
  dataKeyword: string,
  { signed, littleEndian }: TableInput,
): LookupTable {
  const [count, first, bits] = numbersOf(attributes, descriptorKeyword);
  const entries = count === 0 ? 65536 : count;
  if (!(entries >= 1 && entries <= 65536 && first !== undefined && bits >= 1 && bits <= 16)) {
    throw unreadableDicom(
      name,
      `must have a ${descriptorKeyword} of three numbers that can be; export it again`,
    );
  }
  return {
    first: signed && first > 32767 ? first - 65536 : first,
    values: tableValues(name, attributes, dataKeyword, entries, bits, littleEndian),
  };
}

function tableValues(
  name: string,
  attributes: DicomAttributes,
  keyword: string,
  entries: number,
  bits: number,
  littleEndian: boolean,
): Uint8Array | Uint16Array {
  const bytes = bytesOfAttribute(attributes, keyword);
  if (!bytes) return Uint16Array.from(requireEntries(name, keyword, numbersOf(attributes, keyword), entries));
  if (bits <= 8 && bytes.length < 2 * entries)
    return requireEntries(name, keyword, bytes, entries).slice(0, entries);
  if (bytes.length < 2 * entries) throw truncatedDicom(name, keyword, 2 * entries, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: entries }, (_, index) => view.getUint16(2 * index, littleEndian));
}

function requireEntries<Values extends ArrayLike<number>>(
  name: string,
  keyword: string,
  values: Values,
  entries: number,
): Values {
  if (values.length >= entries) return values;
  throw unreadableDicom(
    name,
    `must have ${entries} entries in ${keyword}, got ${values.length}; export it again`,
  );
}

/**
 * The palette of a PALETTE COLOR image: tables of red, green and blue.
 * @throws MiasError `image-unreadable` where a table does not do, `image-unsupported` where it is segmented
 */
export function readPalette(
  name: string,
  attributes: DicomAttributes,
  input: TableInput,
): readonly [LookupTable, LookupTable, LookupTable] {
  if (attributes.SegmentedRedPaletteColorLookupTableData !== undefined) {
    throw unsupportedDicom(name, "has a segmented palette, which is not read here; export it as RGB");
  }
  const table = (colour: string) =>
    readLookupTable(
      name,
      attributes,
      `${colour}PaletteColorLookupTableDescriptor`,
      `${colour}PaletteColorLookupTableData`,
      input,
    );
  return [table("Red"), table("Green"), table("Blue")];
}
