import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Histogram } from "@/charts/Histogram";
import { useLog } from "@/client/ClientContext";
import { LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { formatBytes, formatNumber } from "@/parts/numbers";
import { Panel } from "@/parts/Panel";
import { TypeName } from "@/parts/TypeName";
import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import { EmptyLog } from "../events/EmptyLog";
import { IntegrityGlance } from "./IntegrityGlance";
import { LatestEvents } from "./LatestEvents";
import styles from "./OverviewPage.module.css";
import { Ranking } from "./Ranking";
import { bucketsOfHours } from "./statBuckets";

/** How often the numbers are asked for while the page is open. */
const EVERY_MS = 15_000;

/** The log at a glance: how much happens, what, by whom, how far it is proven, and the latest of it. */
export function OverviewPage() {
  const { name, log } = useLog();
  const zone = useSetting(zoneSetting);
  const stats = useQuery({ queryKey: [name, "stats"], queryFn: () => log.stats(), refetchInterval: EVERY_MS });
  const recent = useQuery({
    queryKey: [name, "buckets", { from: "24h" }, zone],
    queryFn: () => log.buckets({ from: "24h" }, zone),
    refetchInterval: EVERY_MS,
  });
  if (stats.error !== null) return <ProblemNotice error={stats.error} retry={() => void stats.refetch()} />;
  if (stats.data === undefined) return <LoadingNotice what="Counting" />;
  const { events, streams, distinct, snapshots, sizeOnDisk, stateCache } = stats.data;
  if (events === 0) return <EmptyLog />;
  return (
    <div className={styles.page}>
      <h1 className="unseen">Overview</h1>
      <dl className={styles.figures}>
        <Figure label="events" value={formatNumber(events)} />
        <Figure label="aggregates" value={formatNumber(streams)} />
        <Figure label="event types" value={formatNumber(distinct.types)} />
        <Figure label="actors" value={formatNumber(distinct.actors)} />
        <Figure label="on disk" value={formatBytes(sizeOnDisk)} />
        <Figure label="snapshots" value={formatNumber(snapshots.count)} note={formatBytes(snapshots.bytes)} />
        {stateCache.hitRate !== null && (
          <Figure
            label="states from memory"
            value={`${Math.round(100 * stateCache.hitRate)} %`}
            note={`${formatNumber(stateCache.entries)} kept`}
          />
        )}
      </dl>
      <div className={styles.panels}>
        <Panel
          title="The last 24 hours"
          className={styles.wide}
          aside={
            <Link to="/events" search={{ from: "24h" }}>
              Events
            </Link>
          }
        >
          <div className={styles.chart}>
            {recent.data !== undefined && recent.data.items.length > 0 ? (
              <Histogram label="Events in the last 24 hours" buckets={recent.data} height={120} />
            ) : (
              <p className={styles.nothing}>Nothing happened in the last 24 hours.</p>
            )}
          </div>
        </Panel>
        <IntegrityGlance />
        <Panel title="Every day" className={styles.wide}>
          <div className={styles.chart}>
            <Histogram label="Events by day" buckets={bucketsOfHours(stats.data.perHour)} height={104} />
          </div>
        </Panel>
        <Panel title="Aggregate types">
          <Ranking
            counts={stats.data.byAggregateType}
            total={events}
            draw={(value) => (
              <Link to="/aggregates" search={{ type: value }}>
                {value}
              </Link>
            )}
          />
        </Panel>
        <Panel title="Event types">
          <Ranking
            counts={stats.data.byType}
            total={events}
            draw={(value) => (
              <Link to="/events" search={{ type: [value] }}>
                <TypeName type={value} />
              </Link>
            )}
          />
        </Panel>
        <Panel title="Actors">
          <Ranking
            counts={stats.data.byActor}
            total={events}
            draw={(value) => (
              <Link to="/events" search={{ actor: value }}>
                {value}
              </Link>
            )}
          />
        </Panel>
        <LatestEvents />
      </div>
    </div>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <div className={styles.figure}>
      <dt>{label}</dt>
      <dd>
        {value} {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}
