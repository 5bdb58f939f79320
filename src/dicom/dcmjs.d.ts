// What this project uses of dcmjs, which comes without types.

declare module "dcmjs" {
  /** A data element as dcmjs keeps it; values of sequences are data sets. */
  export interface DcmjsElement {
    vr: string;
    Value: readonly unknown[];
  }

  export interface DcmjsEntry {
    /** `(GGGG,EEEE)`. */
    readonly tag: string;
    /** Two letters, or `ox` and `xs` where it depends on other attributes. */
    readonly vr: string;
  }

  /** By tag, `GGGGEEEE`. */
  type DcmjsDataset = Record<string, DcmjsElement>;

  class DicomDict {
    constructor(meta: Readonly<DcmjsDataset>);
    readonly meta: DcmjsDataset;
    dict: DcmjsDataset;
    write(options?: { readonly allowInvalidVRLength?: boolean }): ArrayBuffer;
  }

  const DicomMetaDictionary: {
    /** By keyword. */
    readonly nameMap: Readonly<Record<string, DcmjsEntry | undefined>>;
    /** Values by keyword; a single one is not in an array. */
    naturalizeDataset(dict: Readonly<DcmjsDataset>): Record<string, unknown>;
  };

  const DicomMessage: {
    readFile(
      bytes: ArrayBuffer,
      options?: { readonly ignoreErrors?: boolean; readonly noCopy?: boolean },
    ): DicomDict;
  };

  interface Logger {
    setLevel(level: "silent" | "warn", persist?: boolean): void;
    getLogger(name: string): Logger;
  }

  export const log: Logger;

  export const data: {
    readonly DicomDict: typeof DicomDict;
    readonly DicomMetaDictionary: typeof DicomMetaDictionary;
    readonly DicomMessage: typeof DicomMessage;
  };

  const dcmjs: { readonly log: Logger; readonly data: typeof data };
  export default dcmjs;
}
