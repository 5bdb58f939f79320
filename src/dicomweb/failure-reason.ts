// Failure Reason (0008,1197) and Warning Reason (0008,1196) of a storage answer, in words (PS3.18, I.2.2; PS3.3, C.14.1.1;
// PS3.4, B.2.3).

const FAILURES: readonly (readonly [mask: number, code: number, words: string])[] = [
  [0xff00, 0xa700, "the server is out of resources"],
  [0xff00, 0xa900, "the data set does not match its SOP Class"],
  [0xffff, 0xc122, "the server does not support the transfer syntax"],
  [0xf000, 0xc000, "the server cannot understand the data set"],
  [0xffff, 0x0110, "the server failed while processing"],
  [0xffff, 0x0111, "the server has an instance with this UID already"],
  [0xffff, 0x0112, "the server has no such instance"],
  [0xffff, 0x0119, "the UID belongs to an instance of another SOP Class"],
  [0xffff, 0x0122, "the server does not support the SOP Class"],
  [0xffff, 0x0124, "the server does not allow it to this user"],
  [0xffff, 0x0131, "the transaction UID is in use already"],
  [0xffff, 0x0213, "the server lacks resources now"],
];

const WARNINGS: readonly (readonly [code: number, words: string])[] = [
  [0xb000, "the server changed data elements"],
  [0xb006, "the server dropped data elements"],
  [0xb007, "the data set does not match its SOP Class"],
];

/** `the server failed while processing (0110H)`; the code alone where the standard has no words for it. */
export function failureWords(code: number | undefined): string {
  if (code === undefined) return "the server gave no reason";
  const [, , words] = FAILURES.find(([mask, wanted]) => (code & mask) === wanted) ?? [];
  return `${words ?? "the server gave a reason of its own"} (${hexadecimal(code)})`;
}

export function warningWords(code: number): string {
  const [, words] = WARNINGS.find(([wanted]) => wanted === code) ?? [];
  return `${words ?? "the server gave a warning of its own"} (${hexadecimal(code)})`;
}

function hexadecimal(code: number): string {
  return `${code.toString(16).toUpperCase().padStart(4, "0")}H`;
}
