// Texts in several character sets by ISO 2022 (PS3.5 6.1.2.5.3), as dcmjs 0.52 leaves them: it decodes with the first set
// and keeps the escape sequences of the others. Left out: JIS X 0212 and a second set of Cyrillic, Arabic, Greek, Hebrew or
// Thai; their sequences are taken away, and their letters stay as they were read.

const ESCAPE = "\u001b";

/** Sets of two bytes below 128: nothing else stands among them. */
const DOUBLE = /^\$[B@]/;
/** Sets in the upper half, among which ASCII stands as it is. */
const UPPER = { "$)C": "euc-kr", "$)A": "gbk", ")I": "shift-jis" } as const;
const ANY_SEQUENCE = /^(?:\$?[()\-,./][\x40-\x7e]|\$[@AB])/;

/** `text` with what its escape sequences mean; a text without them is given back. */
export function withoutEscapes(text: string): string {
  const [start, ...parts] = text.split(ESCAPE);
  return start + parts.map(escapedText).join("");
}

/** What follows one ESC, up to the next. */
function escapedText(part: string): string {
  const sequence = ANY_SEQUENCE.exec(part)?.[0] ?? "";
  const text = part.slice(sequence.length);
  if (DOUBLE.test(sequence)) return doubleText(text);
  return sequence in UPPER ? decoded(UPPER[sequence as keyof typeof UPPER], text) : text;
}

/** Many writers go on with a delimiter (`^`, `=`) without a way back to ASCII; it is the odd one at the end. */
function doubleText(text: string): string {
  const pairs = text.length - (text.length % 2);
  return decoded("iso-2022-jp", `${ESCAPE}$B${text.slice(0, pairs)}`) + text.slice(pairs);
}

/** Letters of the upper half were read as Latin-1, a byte each. */
function decoded(set: string, text: string): string {
  return new TextDecoder(set).decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
}
