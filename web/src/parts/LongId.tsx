import { CopyButton } from "./CopyButton";
import styles from "./LongId.module.css";

/** Enough digits on both sides to tell ids apart by eye. */
const SHORT_LEN = 20;

/** An id or hash: shortened in the middle, whole as its title, with a button that copies it whole. */
export function LongId({ id, what }: { id: string; what: string }) {
  const isShort = id.length <= SHORT_LEN;
  return (
    <span className={styles.id}>
      <code title={id}>{isShort ? id : `${id.slice(0, 8)}…${id.slice(-8)}`}</code>
      <CopyButton text={id} label={`Copy ${what}`} />
    </span>
  );
}
