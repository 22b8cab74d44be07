import type { ReactElement } from "react";
import { Tooltip, TooltipTrigger } from "react-aria-components";
import styles from "./Hint.module.css";

interface HintProps {
  readonly text: string;
  /** The keys that do the same, as in `g e`. */
  readonly keys?: string;
  readonly side?: "top" | "bottom" | "right" | "left";
  /** A button, or anything else that takes the focus. */
  readonly children: ReactElement;
}

/** Says what a control does when the pointer rests on it or the focus comes to it. */
export function Hint({ text, keys, side = "bottom", children }: HintProps) {
  return (
    <TooltipTrigger delay={450} closeDelay={60}>
      {children}
      <Tooltip className={styles.hint ?? ""} placement={side} offset={6}>
        {text}
        {keys !== undefined && <Keys keys={keys} />}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** Keys that are pressed one after the other. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {keys.split(" ").map((key) => (
        <kbd key={key} className={styles.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
