/** Written into banks and results; equal to package.json (a test checks it). */
export const VERSION = "0.1.0";

export const PROGRAM = `mias-sam ${VERSION}`;

export const DISCLAIMER = "Research software, not a medical device: not for diagnosis or treatment.";
