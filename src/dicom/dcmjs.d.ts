// What this project uses of dcmjs, which comes without types.

declare module "dcmjs" {
  /** A data element as dcmjs keeps it; values of sequences are data sets. */
  interface DcmjsElement {
    readonly vr: string;
    readonly Value: readonly unknown[];
  }

  type DcmjsDataset = Record<string, DcmjsElement>;

  interface DcmjsLogger {
    setLevel(level: "silent", persist: false): void;
    getLogger(name: string): DcmjsLogger;
  }

  const dcmjs: {
    readonly log: DcmjsLogger;
    readonly data: {
      readonly DicomMessage: {
        readFile(
          bytes: ArrayBuffer,
          options: { readonly ignoreErrors: boolean; readonly noCopy: boolean },
        ): { readonly meta: DcmjsDataset; readonly dict: DcmjsDataset };
      };
      readonly DicomMetaDictionary: {
        naturalizeDataset(dataset: DcmjsDataset): Record<string, unknown>;
      };
    };
  };
  export default dcmjs;
}
