import { Circle, CircleCheck, LoaderCircle, OctagonX, TriangleAlert } from "lucide-react";
import styles from "./StatusMark.module.css";

/** `good` is only for what this browser has checked itself; `unknown` for what it was merely told. */
export type Status = "good" | "unknown" | "warn" | "bad" | "busy";

const ICONS = { good: CircleCheck, unknown: Circle, warn: TriangleAlert, bad: OctagonX, busy: LoaderCircle };

/** A status by colour and by shape, for those who do not see the colour. */
export function StatusMark({ status }: { status: Status }) {
  const Icon = ICONS[status];
  return <Icon className={`${styles.mark} ${styles[status]}`} aria-hidden="true" />;
}
