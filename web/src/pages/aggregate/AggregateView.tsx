import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { AggregateName } from "@/client/AnnalsClient";
import { useKeys } from "@/frame/keys/useKeys";
import { Segments } from "@/parts/Segments";
import { AggregateHead } from "./AggregateHead";
import styles from "./AggregateView.module.css";
import { AtTime } from "./AtTime";
import { AtTimeNote } from "./AtTimeNote";
import { BlameView } from "./BlameView";
import { DiffView } from "./DiffView";
import { AGGREGATE_PATH } from "./path";
import { RawView } from "./RawView";
import { ReplayBar } from "./ReplayBar";
import { StateView } from "./StateView";
import { Timeline } from "./Timeline";
import { TimeSlider } from "./TimeSlider";
import { useBlame } from "./useBlame";
import type { AggregateHistory } from "./useHistory";
import { useMoment } from "./useMoment";
import { useReplay } from "./useReplay";
import { useStateAtTime } from "./useStateAtTime";

const VIEWS = [
  { value: "state", label: "State" },
  { value: "diff", label: "Diff" },
  { value: "blame", label: "Blame" },
  { value: "raw", label: "Raw" },
] as const;

type View = (typeof VIEWS)[number]["value"];

interface AggregateViewProps {
  readonly aggregate: AggregateName;
  readonly history: AggregateHistory;
}

/** The timeline, the slider and the state under it all show one moment. */
export function AggregateView({ aggregate, history }: AggregateViewProps) {
  const { now, entries, states } = history;
  const search = useSearch({ from: AGGREGATE_PATH });
  const navigate = useNavigate({ from: AGGREGATE_PATH });
  const [wanted, setWanted] = useMoment(now.version);
  const past = useStateAtTime(aggregate);
  const version = past.state?.version ?? Math.min(Math.max(wanted, states.from), states.to);
  const show = (change: Partial<typeof search>) =>
    void navigate({ search: (known) => ({ ...known, ...change }), replace: true });
  const { moment } = past;
  const leaveTime = useCallback(() => {
    if (moment !== undefined)
      void navigate({ search: (known) => ({ ...known, at: undefined, by: undefined }), replace: true });
  }, [moment, navigate]);
  const replay = useReplay(version, states.to, setWanted);
  const blame = useBlame(aggregate, version, states.to);
  const view: View = VIEWS.find(({ value }) => value === search.view)?.value ?? "state";
  const showView = (next: View) => show({ view: next === "state" ? undefined : next });
  const { stop } = replay;
  const moveTo = useCallback(
    (next: number) => {
      stop();
      leaveTime();
      setWanted(next);
    },
    [stop, leaveTime, setWanted],
  );
  useKeys("Aggregate", [
    { keys: "[", label: "Version before", run: () => moveTo(Math.max(states.from, version - 1)) },
    { keys: "]", label: "Next version", run: () => moveTo(Math.min(states.to, version + 1)) },
    { keys: "p", label: "Play or pause", run: replay.toggle },
    { keys: "s", label: "State", run: () => showView("state") },
    { keys: "d", label: "Diff", run: () => showView("diff") },
    { keys: "b", label: "Blame", run: () => showView("blame") },
    { keys: "r", label: "Raw", run: () => showView("raw") },
  ]);
  const entry = entries.find((candidate) => candidate.version === version);
  const state = past.state?.state ?? states.at(version);
  return (
    <div className={styles.page}>
      <AggregateHead aggregate={aggregate} history={history} version={version} />
      <div className={styles.time}>
        <TimeSlider entries={entries} states={states} version={version} onChange={moveTo} />
        <ReplayBar replay={replay} version={version} states={states} entry={entry} onChange={moveTo} />
      </div>
      <div className={styles.parts}>
        <Timeline entries={entries} version={version} onChange={moveTo} />
        <section className={styles.state} aria-label={`${view} at version ${version}`}>
          <header className={styles.head}>
            <Segments label="View" options={VIEWS} value={view} onChange={showView} />
            <span className={styles.at}>
              {version === 0 ? "before the first event" : `at version ${version} of ${now.version}`}
            </span>
            <span className={styles.tools}>
              <AtTime moment={moment} onChange={({ at, kind }) => show({ at, by: kind, version: undefined })} />
            </span>
          </header>
          {moment !== undefined && (
            <AtTimeNote moment={moment} state={past.state} error={past.error} onClear={leaveTime} />
          )}
          <div className={styles.body}>
            {view === "state" && <StateView state={state} entry={entry} blame={blame.data} onChoose={moveTo} />}
            {view === "diff" && <DiffView aggregate={aggregate} version={version} entry={entry} first={states.from} />}
            {view === "blame" && <BlameView blame={blame} onChoose={moveTo} />}
            {view === "raw" && <RawView state={state} />}
          </div>
        </section>
      </div>
    </div>
  );
}
