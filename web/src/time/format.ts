import type { Zone } from "@/settings/zone";

/** The parts of a moment as the calendar of a zone has them, each with its digits. */
export interface CalendarParts {
  /** `2026-11-20` */
  readonly date: string;
  /** `10:30:04` */
  readonly time: string;
  /** `.211`, as far as a clock of milliseconds goes */
  readonly fraction: string;
}

const two = (number: number) => String(number).padStart(2, "0");
const three = (number: number) => String(number).padStart(3, "0");

/** A moment's parts in a zone. */
export function calendarParts(moment: Date, zone: Zone): CalendarParts {
  const utc = zone === "utc";
  const year = utc ? moment.getUTCFullYear() : moment.getFullYear();
  const month = (utc ? moment.getUTCMonth() : moment.getMonth()) + 1;
  const day = utc ? moment.getUTCDate() : moment.getDate();
  const hour = utc ? moment.getUTCHours() : moment.getHours();
  const minute = utc ? moment.getUTCMinutes() : moment.getMinutes();
  const second = utc ? moment.getUTCSeconds() : moment.getSeconds();
  return {
    date: `${year}-${two(month)}-${two(day)}`,
    time: `${two(hour)}:${two(minute)}:${two(second)}`,
    fraction: `.${three(utc ? moment.getUTCMilliseconds() : moment.getMilliseconds())}`,
  };
}

/** A timestamp in one line, to the millisecond: `2026-11-20 10:30:04.211`. */
export function formatMoment(timestamp: string, zone: Zone): string {
  const parts = calendarParts(new Date(timestamp), zone);
  return `${parts.date} ${parts.time}${parts.fraction}`;
}

const UNITS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** A duration in its two greatest units: `1 d 15 h`, `42 s`, `180 ms`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  let rest = Math.round(milliseconds / 1_000);
  const parts: string[] = [];
  for (const [seconds, unit] of UNITS) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** How long ago, or `now`: `3 min ago`. Only the greatest unit, since it is read in passing. */
export function formatAge(timestamp: string, now: number): string {
  const age = now - Date.parse(timestamp);
  if (age < 1_000) return "now";
  const [count, unit] = formatDuration(age).split(" ");
  return `${count} ${unit} ago`;
}
