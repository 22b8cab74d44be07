import type { TimelineEntry } from "@/client/types";

/** The versions whose events had happened before an event that stands in front of them. */
export function lateVersions(entries: readonly TimelineEntry[]): ReadonlySet<number> {
  const late = new Set<number>();
  let latest = "";
  for (const { version, timestamp } of entries) {
    // Timestamps have one form and one zone, so their texts are in the order of time.
    if (timestamp < latest) late.add(version);
    else latest = timestamp;
  }
  return late;
}
