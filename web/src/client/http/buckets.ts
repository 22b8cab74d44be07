import type { Buckets } from "../types";

/** How long each interval is, as nearly as a bar has to know: months and days of the calendar differ. */
const WIDTH_SECONDS = { minute: 60, hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000 } as const;

/** Buckets as the server answers them. */
export interface BucketsAnswer {
  readonly interval: keyof typeof WIDTH_SECONDS;
  readonly items: readonly {
    readonly start: string;
    readonly count: number;
    readonly by?: Readonly<Record<string, number>>;
  }[];
}

export const readBuckets = ({ interval, items }: BucketsAnswer): Buckets => ({
  widthSeconds: WIDTH_SECONDS[interval],
  items: items.map(({ start, count, by = {} }) => ({ start, count, byType: by })),
});
