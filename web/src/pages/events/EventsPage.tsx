import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { filterFromSearch } from "@/addresses/filter";
import { useLog } from "@/client/ClientContext";
import type { EventFilter, EventRecord } from "@/client/types";
import { EventTable } from "@/event/EventTable";
import { EventDetail } from "@/event/LazyEventDetail";
import { useEventKeys } from "@/event/useEventKeys";
import { useEventList } from "@/event/useEventList";
import { KEPT_MAX, useLiveEvents } from "@/event/useLiveEvents";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { SplitView } from "@/parts/SplitView";
import { EmptyLog } from "./EmptyLog";
import { EventsHistogram } from "./EventsHistogram";
import styles from "./EventsPage.module.css";
import { FilterBar } from "./FilterBar";
import { LiveControls } from "./LiveControls";
import { useCount } from "./useCount";

/** Every event of the log: filtered, counted over time, followed live, and each one opened beside the list. */
export function EventsPage() {
  const search = useSearch({ from: "/events" });
  const navigate = useNavigate({ from: "/events" });
  const { name } = useLog();
  const filter = filterFromSearch(search);
  const [isAtTop, setAtTop] = useState(true);
  const [isHeld, setHeld] = useState(false);
  const isLive = search.live !== undefined;
  const scroller = useRef<HTMLDivElement>(null);

  const list = useEventList(filter);
  const count = useCount(filter);
  const isPaused = isHeld || !isAtTop;
  const after = list.events[0]?.position;
  const live = useLiveEvents(filter, { isOn: isLive && !list.isLoading, isPaused, after });
  const events = useMemo(() => joined(live.events, list.events), [live.events, list.events]);

  const toFilter = (next: EventFilter) => void navigate({ search: { ...next, live: search.live } });
  const open = (event: EventRecord | undefined) =>
    void navigate({
      search: { ...filter, live: search.live, event: event?.eventId },
      replace: search.event !== undefined,
    });
  const hold = (isWanted: boolean) => {
    setHeld(isWanted);
    // Further down the list stands still whoever wants what.
    if (!isWanted) scroller.current?.scrollTo({ top: 0 });
  };
  const follow = (isOn: boolean) =>
    void navigate({ search: { ...filter, event: search.event, live: isOn ? "1" : undefined } });
  // An event is named by its id or by its position, as somebody types it into the search box.
  const selected = events.find(
    ({ eventId, position }) => eventId === search.event || String(position) === search.event,
  );
  useEventKeys({ events, selectedId: selected?.eventId, onSelect: open });

  const detail =
    search.event === undefined ? undefined : (
      <EventDetail
        id={search.event}
        onClose={() => open(undefined)}
        onFilter={(condition) => toFilter({ ...filter, where: [...(filter.where ?? []), condition] })}
      />
    );
  const total = count.data === undefined ? undefined : count.data.count + live.total;
  return (
    <SplitView detail={detail}>
      <h1 className="unseen">Events</h1>
      <FilterBar filter={filter} total={total} onChange={toFilter}>
        <LiveControls
          live={{ isOn: isLive, isPaused, waiting: live.waiting, connection: live.connection }}
          onLiveChange={follow}
          onHold={hold}
        />
      </FilterBar>
      <EventsHistogram filter={filter} onChange={toFilter} />
      <div className={styles.list}>
        {list.error !== null ? (
          <ProblemNotice error={list.error} retry={list.retry} />
        ) : (
          <EventTable
            label="Events"
            scroller={scroller}
            key={name}
            events={events}
            total={total}
            selectedId={selected?.eventId}
            onSelect={open}
            onReachEnd={list.loadMore}
            onTopChange={setAtTop}
            end={<End isLoading={list.isLoading} isEmpty={events.length === 0} filter={filter} />}
          />
        )}
      </div>
    </SplitView>
  );
}

/** The live events above the others; alone where so many came that between both some are missing. */
function joined(live: readonly EventRecord[], list: readonly EventRecord[]): readonly EventRecord[] {
  if (live.length === 0) return list;
  if (live.length >= KEPT_MAX) return live;
  const newest = list[0]?.position ?? -1;
  return [...live.filter((event) => event.position > newest), ...list];
}

function End({ isLoading, isEmpty, filter }: { isLoading: boolean; isEmpty: boolean; filter: EventFilter }) {
  if (isLoading) return <LoadingNotice what="Loading events" />;
  if (!isEmpty) return null;
  if (Object.keys(filter).length === 0) return <EmptyLog />;
  return (
    <EmptyNotice title="No event passes these filters">
      <p>Take one of them away, or widen the time.</p>
    </EmptyNotice>
  );
}
