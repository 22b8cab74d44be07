import { useEffect, useMemo, useRef, useState } from "react";
import { useLog } from "@/client/ClientContext";
import type { EventFilter, EventRecord } from "@/client/types";

/** What is kept of a live feed: enough to scroll back a little, whatever the hour brings. */
export const KEPT_MAX = 2_000;

/** How often the list is drawn anew: a person cannot read faster, and a page at 500 events a second stays quick. */
const DRAW_MS = 200;

export interface LiveEvents {
  /** Newest first. */
  readonly events: readonly EventRecord[];
  /** How many were put into the list since the feed began, also those that it does not keep any more. */
  readonly total: number;
  /** How many came while the list stood still. */
  readonly waiting: number;
  readonly connection: "off" | "open" | "waiting";
}

const OFF: LiveEvents = { events: [], total: 0, waiting: 0, connection: "off" };

interface LiveOptions {
  readonly isOn: boolean;
  /** While true, the feed goes on and the list stands still. */
  readonly isPaused: boolean;
  /** The position behind which the feed begins. */
  readonly after: number | undefined;
}

/** Follows new events that pass a filter. */
export function useLiveEvents(filter: EventFilter, { isOn, isPaused, after }: LiveOptions): LiveEvents {
  const { log } = useLog();
  const arrived = useRef<EventRecord[]>([]);
  const arrivedCount = useRef(0);
  const paused = useRef(isPaused);
  paused.current = isPaused;
  const [live, setLive] = useState<LiveEvents>(OFF);
  // The filter is a new object with every drawing; the feed begins anew only where it says something else.
  const filterKey = JSON.stringify(filter);
  const stableFilter = useMemo(() => JSON.parse(filterKey) as EventFilter, [filterKey]);
  const begin = useRef(after);
  begin.current = after;

  useEffect(() => {
    if (!isOn) {
      setLive(OFF);
      return;
    }
    const draw = setInterval(() => {
      const fresh = arrived.current;
      const count = arrivedCount.current;
      if (count === 0) return;
      if (paused.current) {
        setLive((known) => (known.waiting === count ? known : { ...known, waiting: count }));
        return;
      }
      arrived.current = [];
      arrivedCount.current = 0;
      setLive((known) => ({
        ...known,
        waiting: 0,
        total: known.total + count,
        events: [...fresh.toReversed(), ...known.events].slice(0, KEPT_MAX),
      }));
    }, DRAW_MS);
    const stop = log.follow(stableFilter, begin.current, {
      event(event) {
        arrived.current.push(event);
        arrivedCount.current += 1;
        if (arrived.current.length > 2 * KEPT_MAX) arrived.current = arrived.current.slice(-KEPT_MAX);
      },
      connection: (connection) => setLive((known) => ({ ...known, connection })),
    });
    return () => {
      clearInterval(draw);
      stop();
      arrived.current = [];
      arrivedCount.current = 0;
    };
  }, [isOn, stableFilter, log]);
  return live;
}
