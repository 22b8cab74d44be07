const whole = new Intl.NumberFormat("en-US");
const rough = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** A number with its thousands apart: `1,042,113`. */
export const formatNumber = (number: number): string => whole.format(number);

/** A number in few letters: `1.1M`. */
export const formatRoughly = (number: number): string => rough.format(number);

/** One of several, with its noun: `1 event`, `12 events`. */
export const formatCount = (count: number, noun: string): string =>
  `${formatNumber(count)} ${count === 1 ? noun : `${noun}s`}`;

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A size in the unit that fits: `1.4 GiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), BYTE_UNITS.length - 1);
  const size = bytes / 1024 ** power;
  return `${power > 0 && size < 10 ? size.toFixed(1) : Math.round(size)} ${BYTE_UNITS[power]}`;
}
