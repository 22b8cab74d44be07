import type * as Api from "../api";
import type { Buckets } from "../types";

/** How long each interval is, as nearly as a bar has to know: months and days of the calendar differ. */
const WIDTH_SECONDS = {
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
} as const satisfies Record<Api.Buckets["interval"], number>;

export const readBuckets = ({ interval, items }: Api.Buckets): Buckets => ({
  widthSeconds: WIDTH_SECONDS[interval],
  items: items.map(({ start, count, by = {} }) => ({ start, count, byType: by })),
});
