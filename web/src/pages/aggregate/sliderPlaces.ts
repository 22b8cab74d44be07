import type { TimelineEntry } from "@/client/types";

/** However short a pause is, two events can be told apart; however long, the others keep room. */
const GAP_MIN = 1;

/**
 * Where each event stands on a line from 0 to 1. Pauses are drawn by their logarithm: a night is longer than a second,
 * but does not push the second out of sight. Events are in the order of versions, so that late ones stand where they
 * count, and not before what happened earlier in that order.
 */
export function sliderPlaces(entries: readonly TimelineEntry[]): readonly number[] {
  const gaps = entries.slice(1).map((entry, at) => {
    const pauseMs = Math.max(0, Date.parse(entry.timestamp) - Date.parse(entries[at]?.timestamp ?? entry.timestamp));
    return GAP_MIN + Math.log10(1 + pauseMs / 100);
  });
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  let at = 0;
  const places = gaps.map((gap) => {
    at += gap;
    return at / total;
  });
  return entries.length === 0 ? [] : [0, ...places];
}
