import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useLog } from "@/client/ClientContext";
import { EventDetail } from "@/event/LazyEventDetail";
import { useEventKeys } from "@/event/useEventKeys";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { formatCount } from "@/parts/numbers";
import { SplitView } from "@/parts/SplitView";
import { formatDuration } from "@/time/format";
import { Moment } from "@/time/Moment";
import styles from "./TracePage.module.css";
import { TraceRow } from "./TraceRow";
import { traceTree } from "./traceTree";

/** Everything under one correlation id: what caused what, on one axis of time. */
export function TracePage() {
  const { correlation } = useParams({ from: "/traces/$correlation" });
  const search = useSearch({ from: "/traces/$correlation" });
  const navigate = useNavigate({ from: "/traces/$correlation" });
  const { name, log } = useLog();
  const trace = useQuery({ queryKey: [name, "trace", correlation], queryFn: () => log.trace(correlation) });
  const nodes = useMemo(() => traceTree(trace.data ?? []), [trace.data]);
  const select = (eventId: string | undefined) => void navigate({ search: { event: eventId }, replace: true });
  useEventKeys({
    events: nodes.map((node) => node.event),
    selectedId: search.event,
    onSelect: (event) => select(event?.eventId),
  });
  if (trace.error !== null) return <ProblemNotice error={trace.error} retry={() => void trace.refetch()} />;
  if (trace.isPending) return <LoadingNotice what="Reading the trace" />;
  const first = nodes[0];
  if (first === undefined) {
    return <EmptyNotice title="Nothing carries this correlation id">It may be of another log.</EmptyNotice>;
  }
  const spanMs = Math.max(1, ...nodes.map((node) => node.startMs));
  const aggregates = new Set(nodes.map(({ event }) => `${event.aggregateType}/${event.aggregateId}`)).size;
  return (
    <SplitView detail={search.event && <EventDetail id={search.event} onClose={() => select(undefined)} />}>
      <header className={styles.head}>
        <h1>
          Trace <code>{correlation}</code>
        </h1>
        <span className={styles.facts}>
          {formatCount(nodes.length, "event")} · {formatCount(aggregates, "aggregate")} · {formatDuration(spanMs)} ·{" "}
          <Moment at={first.event.timestamp} />
        </span>
      </header>
      <ol className={styles.rows}>
        {nodes.map((node) => (
          <TraceRow
            key={node.event.eventId}
            node={node}
            spanMs={spanMs}
            isSelected={node.event.eventId === search.event}
            onSelect={() => select(node.event.eventId)}
          />
        ))}
      </ol>
    </SplitView>
  );
}
