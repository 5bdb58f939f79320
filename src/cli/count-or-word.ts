import { InvalidArgumentError } from "commander";

/** A parser of a whole number of at least 1, or of one word. */
export function countOr<Word extends string>(word: Word): (text: string) => number | Word {
  return (text) => {
    const value = Number(text);
    if (text === word) return word;
    if (text.trim() !== "" && Number.isInteger(value) && value >= 1) return value;
    throw new InvalidArgumentError(`must be a whole number of at least 1, or "${word}"`);
  };
}
