import { useNavigate, useSearch } from "@tanstack/react-router";
import { filterFromSearch } from "@/addresses/filter";
import { ACCESS_LOG } from "@/addresses/pages";
import type { EventFilter } from "@/client/types";
import { EventTable } from "@/event/EventTable";
import { EventDetail } from "@/event/LazyEventDetail";
import { useEventKeys } from "@/event/useEventKeys";
import { useEventList } from "@/event/useEventList";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { SplitView } from "@/parts/SplitView";
import { FilterBar } from "../events/FilterBar";
import { useCount } from "../events/useCount";
import styles from "./AccessPage.module.css";

/** Who looked at what, when, and from where: the log of accesses, which is as provable as any other. */
export function AccessPage() {
  const search = useSearch({ from: "/access" });
  const navigate = useNavigate({ from: "/access" });
  const filter = filterFromSearch(search);
  const list = useEventList(filter);
  const count = useCount(filter);
  const toFilter = (next: EventFilter) => void navigate({ search: { ...next, log: ACCESS_LOG } });
  const open = (eventId: string | undefined) =>
    void navigate({ search: { ...filter, log: ACCESS_LOG, event: eventId }, replace: search.event !== undefined });
  useEventKeys({ events: list.events, selectedId: search.event, onSelect: (event) => open(event?.eventId) });
  return (
    <SplitView detail={search.event && <EventDetail id={search.event} onClose={() => open(undefined)} />}>
      <h1 className={styles.title}>Access</h1>
      <FilterBar filter={filter} total={count.data?.count} onChange={toFilter} />
      <div className={styles.list}>
        {list.error !== null ? (
          <ProblemNotice error={list.error} retry={list.retry} />
        ) : (
          <EventTable
            label="Accesses"
            events={list.events}
            total={count.data?.count}
            selectedId={search.event}
            onSelect={(event) => open(event.eventId)}
            onReachEnd={list.loadMore}
            end={list.isLoading ? <LoadingNotice what="Loading accesses" /> : list.events.length === 0 && <NoAccess />}
          />
        )}
      </div>
    </SplitView>
  );
}

function NoAccess() {
  return (
    <EmptyNotice title="No access passes these filters">
      <p>Reads, searches, exports and administrative acts are recorded here within a second.</p>
    </EmptyNotice>
  );
}
