import type { Buckets } from "@/client/types";
import type { TimeSpan } from "./Histogram";

/** How many types are told apart by colour; the others are one, which has no name. */
const TYPES_MAX = 11;

export interface StackLayer {
  /** Empty for all the types that are not told apart. */
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

export interface Stack {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly count: number;
  readonly layers: readonly StackLayer[];
}

/** Buckets as bars, whose layers stand in the same order everywhere: the most frequent type at the bottom. */
export function stackBuckets({ items, widthSeconds }: Buckets): { stacks: Stack[]; countMax: number; span: TimeSpan } {
  const totals = new Map<string, number>();
  for (const bucket of items) {
    for (const [type, count] of Object.entries(bucket.byType)) totals.set(type, (totals.get(type) ?? 0) + count);
  }
  const ranked = [...totals].sort(([, a], [, b]) => b - a).map(([type]) => type);
  const named = ranked.slice(0, TYPES_MAX);
  const stacks = items.map((bucket) => {
    const layers: StackLayer[] = [];
    let height = 0;
    const push = (type: string, count: number) => {
      if (count === 0) return;
      layers.push({ type, from: height, to: height + count });
      height += count;
    };
    for (const type of named) push(type, bucket.byType[type] ?? 0);
    push("", bucket.count - height);
    return { start: Date.parse(bucket.start), count: bucket.count, layers };
  });
  const first = stacks[0]?.start ?? 0;
  const last = stacks.at(-1)?.start ?? first;
  return {
    stacks,
    countMax: Math.max(0, ...stacks.map((stack) => stack.count)),
    span: { from: first, to: last + widthSeconds * 1_000 },
  };
}
