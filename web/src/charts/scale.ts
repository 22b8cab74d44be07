import { ticks } from "d3-array";
import { timeTicks, utcTicks } from "d3-time";
import type { Zone } from "@/settings/zone";

/** Maps a range of numbers onto a range of pixels. d3-scale would bring colours and formats that nobody here needs. */
export interface Scale {
  (value: number): number;
  invert(pixel: number): number;
}

export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  const factor = to === from ? 0 : (end - start) / (to - from);
  const scale = (value: number) => start + (value - from) * factor;
  return Object.assign(scale, { invert: (pixel: number) => (factor === 0 ? from : from + (pixel - start) / factor) });
}

/** Round moments for an axis, by the calendar of a zone; in milliseconds since 1970. */
export function momentTicks(from: number, to: number, count: number, zone: Zone): readonly number[] {
  const make = zone === "utc" ? utcTicks : timeTicks;
  return make(new Date(from), new Date(to), count).map((tick) => tick.getTime());
}

/** Round numbers for an axis that begins at zero, and not zero itself. */
export const countTicks = (max: number, count: number): readonly number[] =>
  ticks(0, max, count).filter((tick) => tick > 0 && Number.isInteger(tick));
