import { CopyButton } from "./CopyButton";
import styles from "./LineToCopy.module.css";

/** A command to be copied. */
export function LineToCopy({ line }: { line: string }) {
  return (
    <div className={styles.line}>
      <code>{line}</code>
      <CopyButton text={line} label="Copy this line" />
    </div>
  );
}
