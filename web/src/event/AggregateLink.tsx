import { Link } from "@tanstack/react-router";
import { pagesFor } from "@/addresses/pages";
import type { EventRecord } from "@/client/types";
import { useCaller } from "@/session/CallerContext";
import styles from "./AggregateLink.module.css";

/** Leads to an event's aggregate, at the version that the event made. */
export function AggregateLink({ event }: { event: EventRecord }) {
  const { roles } = useCaller();
  if (event.aggregateId === undefined) return <span className={styles.link}>{event.aggregateType} (erased)</span>;
  const mayOpen = pagesFor(roles).some((page) => page.path === "/aggregates");
  if (!mayOpen) {
    return (
      <span className={styles.link}>
        <span className={styles.type}>{event.aggregateType}/</span>
        {event.aggregateId}
      </span>
    );
  }
  return (
    <Link
      to="/aggregates/$type/$id"
      params={{ type: event.aggregateType, id: event.aggregateId }}
      search={{ version: event.version }}
      className={styles.link}
      title={`${event.aggregateType}/${event.aggregateId}`}
      onClick={(click) => click.stopPropagation()}
    >
      <span className={styles.type}>{event.aggregateType}/</span>
      {event.aggregateId}
    </Link>
  );
}
