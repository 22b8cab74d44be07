import { Link } from "@tanstack/react-router";
import type { EventRecord } from "@/client/types";
import { LongId } from "@/parts/LongId";
import { formatDuration } from "@/time/format";
import { Moment } from "@/time/Moment";
import { AggregateLink } from "./AggregateLink";
import styles from "./EventPlace.module.css";

/** Recording takes moments; what took longer came late, and is worth a word. */
const LATE_MS = 60_000;

/** Who did it, when, to what, and where it stands in its aggregate and in the log. */
export function EventPlace({ event }: { event: EventRecord }) {
  const lateness = Date.parse(event.recordedAt) - Date.parse(event.timestamp);
  return (
    <dl className={styles.place}>
      <dt>actor</dt>
      <dd>
        {event.actorId === undefined ? (
          "erased"
        ) : (
          <Link to="/events" search={{ actor: event.actorId }}>
            {event.actorId}
          </Link>
        )}
      </dd>
      <dt>aggregate</dt>
      <dd className={styles.aggregate}>
        <AggregateLink event={event} />
        <span className={styles.faint}>version {event.version}</span>
      </dd>
      <dt>happened</dt>
      <dd>
        <Moment at={event.timestamp} />
      </dd>
      <dt>recorded</dt>
      <dd>
        <Moment at={event.recordedAt} />
        {lateness > LATE_MS && <span className={styles.late}>{formatDuration(lateness)} later</span>}
      </dd>
      {event.tags !== undefined && event.tags.length > 0 && (
        <>
          <dt>tags</dt>
          <dd className={styles.tags}>
            {event.tags.map((tag) => (
              <Link key={tag} to="/events" search={{ tag: [tag] }} className={styles.tag}>
                {tag}
              </Link>
            ))}
          </dd>
        </>
      )}
      <dt>event id</dt>
      <dd>
        <LongId id={event.eventId} what="the event's id" />
      </dd>
    </dl>
  );
}
