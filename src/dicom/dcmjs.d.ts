/** What is used of dcmjs, which has no types of its own. */
declare module "dcmjs" {
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

  class DicomDict {
    constructor(meta: Readonly<Record<string, DcmjsElement>>);
    /** By tag, `GGGGEEEE`. */
    dict: Record<string, DcmjsElement>;
    write(options?: { readonly allowInvalidVRLength?: boolean }): ArrayBuffer;
  }

  const DicomMetaDictionary: {
    /** By keyword. */
    readonly nameMap: Readonly<Record<string, DcmjsEntry | undefined>>;
    /** Values by keyword; a single one is not in an array. */
    naturalizeDataset(dict: Readonly<Record<string, DcmjsElement>>): Record<string, unknown>;
  };

  const DicomMessage: {
    readFile(bytes: ArrayBuffer, options?: { readonly ignoreErrors?: boolean }): DicomDict;
  };

  interface Logger {
    setLevel(level: "silent" | "warn"): void;
    getLogger(name: string): Logger;
  }

  export const log: Logger;

  export const data: {
    readonly DicomDict: typeof DicomDict;
    readonly DicomMetaDictionary: typeof DicomMetaDictionary;
    readonly DicomMessage: typeof DicomMessage;
  };
}
