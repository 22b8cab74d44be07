import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Histogram, type TimeSpan } from "@/charts/Histogram";
import { useLog } from "@/client/ClientContext";
import type { EventFilter } from "@/client/types";
import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import styles from "./EventsHistogram.module.css";

const HEIGHT_PX = 54;

interface EventsHistogramProps {
  readonly filter: EventFilter;
  onChange(filter: EventFilter): void;
}

/** When the events happened; a range that is drawn becomes the filter. */
export function EventsHistogram({ filter, onChange }: EventsHistogramProps) {
  const { name, log } = useLog();
  const zone = useSetting(zoneSetting);
  const buckets = useQuery({
    queryKey: [name, "buckets", filter, zone],
    queryFn: () => log.buckets(filter, zone),
    placeholderData: keepPreviousData,
  });
  const narrow = ({ from, to }: TimeSpan) => {
    const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
    // The filter's end is included, the range's is not.
    onChange({ ...filter, from: iso(from), to: iso(to - 1) });
  };
  return (
    <div className={styles.histogram}>
      {buckets.data !== undefined && buckets.data.items.length > 0 && (
        <Histogram label="Events over time" buckets={buckets.data} height={HEIGHT_PX} onBrush={narrow} />
      )}
    </div>
  );
}
