/** Written into banks and results; equal to package.json (a test checks it). */
export const VERSION = "0.1.0";

export const PROGRAM_NAME = "mias-sam";

export const PROGRAM = `${PROGRAM_NAME} ${VERSION}`;

/** Who wrote a document, at its head. */
export const WRITTEN_BY = { name: PROGRAM_NAME, version: VERSION } as const;

export const DISCLAIMER = "Research software, not a medical device: not for diagnosis or treatment.";
