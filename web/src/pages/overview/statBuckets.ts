import type { Buckets } from "@/client/types";

const DAY_MS = 86_400_000;

/** The hours of the statistics as buckets of a day in UTC. They count all types together. */
export function bucketsOfHours(perHour: Readonly<Record<string, number>>): Buckets {
  const days = new Map<number, number>();
  for (const [hour, count] of Object.entries(perHour)) {
    const day = Math.floor(Date.parse(hour) / DAY_MS) * DAY_MS;
    days.set(day, (days.get(day) ?? 0) + count);
  }
  const items = [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, count]) => ({ start: new Date(day).toISOString(), count, byType: {} }));
  return { widthSeconds: DAY_MS / 1_000, items };
}
