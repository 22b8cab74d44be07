import { clip } from "./hash";
import { Refusal } from "./refusal";

/**
 * Reads an ASCII decimal without sign and leading zeroes, as all C2SP formats want it. Numbers that JavaScript cannot
 * count to one by one (2^53 and beyond) are refused: no log is that long.
 */
export function parseDecimal(text: string): number {
  const number = Number(text);
  if (/^(0|[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new Refusal("number-malformed", `“${clip(text)}” is not a number`);
}
