import { type JsonNode, writePrettyJson } from "@/json/node";
import { CopyButton } from "@/parts/CopyButton";
import styles from "./RawView.module.css";

/** A state as JSON, to be copied. */
export function RawView({ state }: { state: JsonNode }) {
  const text = writePrettyJson(state);
  return (
    <div className={styles.raw}>
      <div className={styles.copy}>
        <CopyButton text={text} label="Copy the state" />
      </div>
      <pre>{text}</pre>
    </div>
  );
}
