import styles from "./TypeName.module.css";
import { typeColor } from "./typeHue";

/** An event type, with a mark in its own colour. */
export function TypeName({ type }: { type: string }) {
  return (
    <span className={styles.type} title={type}>
      <span className={styles.mark} style={{ background: typeColor(type) }} aria-hidden="true" />
      <span className={styles.name}>{type}</span>
    </span>
  );
}
