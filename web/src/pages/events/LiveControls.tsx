import { Pause, Play } from "lucide-react";
import { useKeys } from "@/frame/keys/useKeys";
import { Button } from "@/parts/Button";
import { Hint } from "@/parts/Hint";
import { formatNumber } from "@/parts/numbers";
import styles from "./LiveControls.module.css";

export interface LiveState {
  readonly isOn: boolean;
  readonly isPaused: boolean;
  readonly waiting: number;
  readonly connection: "off" | "open" | "waiting";
}

interface LiveControlsProps {
  readonly live: LiveState;
  onLiveChange(isOn: boolean): void;
  onHold(isHeld: boolean): void;
}

/** Follows new events, pauses, and says how many came meanwhile. */
export function LiveControls({ live, onLiveChange, onHold }: LiveControlsProps) {
  useKeys("Live", [{ keys: "l", label: "Follow new events, or stop", run: () => onLiveChange(!live.isOn) }]);
  return (
    <>
      {live.isOn && (
        <Button look="plain" onPress={() => onHold(!live.isPaused)} aria-label={live.isPaused ? "Go on" : "Pause"}>
          {live.isPaused ? <Play /> : <Pause />}
          {live.waiting > 0 && <span className={styles.waiting}>{formatNumber(live.waiting)} new</span>}
        </Button>
      )}
      <Hint text={live.isOn ? "Stop following" : "Follow new events"} keys="l">
        <Button
          onPress={() => onLiveChange(!live.isOn)}
          aria-pressed={live.isOn}
          className={styles.live ?? ""}
          data-connection={live.connection}
        >
          <span className={styles.dot} aria-hidden="true" />
          {live.connection === "waiting" ? "Connecting" : "Live"}
        </Button>
      </Hint>
    </>
  );
}
