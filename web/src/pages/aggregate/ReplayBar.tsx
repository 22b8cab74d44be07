import { Pause, Play, StepBack, StepForward } from "lucide-react";
import type { TimelineEntry } from "@/client/types";
import type { States } from "@/history/fold";
import { Button } from "@/parts/Button";
import { Hint } from "@/parts/Hint";
import { TypeName } from "@/parts/TypeName";
import { Moment } from "@/time/Moment";
import styles from "./ReplayBar.module.css";
import { type Replay, SPEEDS } from "./useReplay";

interface ReplayBarProps {
  readonly replay: Replay;
  readonly version: number;
  readonly states: States;
  readonly entry: TimelineEntry | undefined;
  onChange(version: number): void;
}

/** Which event made the state that is shown, and the controls that go on from it. */
export function ReplayBar({ replay, version, states, entry, onChange }: ReplayBarProps) {
  const faster = SPEEDS[(SPEEDS.indexOf(replay.speed) + 1) % SPEEDS.length] ?? 1;
  return (
    <div className={styles.bar}>
      <span className={styles.event} aria-live="polite">
        <b className={styles.version}>{version}</b>
        {entry === undefined ? (
          <span className={styles.faint}>before the first event</span>
        ) : (
          <>
            <TypeName type={entry.eventType} />
            <span className={styles.actor}>
              <span className={styles.faint}>by</span> {entry.actorId ?? "(erased)"}
            </span>
            <Moment at={entry.timestamp} />
          </>
        )}
      </span>
      <span className={styles.controls}>
        <Hint text="Version before" keys="[">
          <Button
            look="plain"
            aria-label="Version before"
            isDisabled={version <= states.from}
            onPress={() => onChange(version - 1)}
          >
            <StepBack />
          </Button>
        </Hint>
        <Hint text={replay.isPlaying ? "Pause" : "Play"} keys="p">
          <Button look="plain" aria-label={replay.isPlaying ? "Pause" : "Play"} onPress={replay.toggle}>
            {replay.isPlaying ? <Pause /> : <Play />}
          </Button>
        </Hint>
        <Hint text="Next version" keys="]">
          <Button
            look="plain"
            aria-label="Next version"
            isDisabled={version >= states.to}
            onPress={() => onChange(version + 1)}
          >
            <StepForward />
          </Button>
        </Hint>
        <Button look="plain" aria-label={`Speed ${replay.speed}; change`} onPress={() => replay.setSpeed(faster)}>
          <span className={styles.speed}>{replay.speed}×</span>
        </Button>
      </span>
    </div>
  );
}
