import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useLog } from "@/client/ClientContext";
import { AggregateLink } from "@/event/AggregateLink";
import { useLiveEvents } from "@/event/useLiveEvents";
import { Panel } from "@/parts/Panel";
import { TypeName } from "@/parts/TypeName";
import { Age } from "@/time/Moment";
import styles from "./LatestEvents.module.css";

const SHOWN = 9;

/** The latest events, as they come. */
export function LatestEvents() {
  const { name, log } = useLog();
  const first = useQuery({ queryKey: [name, "latest"], queryFn: () => log.events({}, { limit: SHOWN }) });
  const known = first.data?.items ?? [];
  const live = useLiveEvents({}, { isOn: first.data !== undefined, isPaused: false, after: known[0]?.position });
  const newest = known[0]?.position ?? -1;
  const shown = [...live.events.filter((event) => event.position > newest), ...known].slice(0, SHOWN);
  return (
    <Panel
      title="Latest"
      aside={
        <Link to="/events" search={{ live: "1" }}>
          Follow
        </Link>
      }
    >
      <ol className={styles.latest}>
        {shown.map((event) => (
          <li key={event.eventId}>
            <Link to="/events" search={{ event: event.eventId }} className={styles.type}>
              <TypeName type={event.eventType} />
            </Link>
            <AggregateLink event={event} />
            <span className={styles.age}>
              <Age at={event.timestamp} />
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
