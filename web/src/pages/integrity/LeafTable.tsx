import { LongId } from "@/parts/LongId";
import { toHex } from "@/proof/bytes";
import type { LeafWorking } from "@/proof/leafEntry";
import styles from "./LeafTable.module.css";

/** From the fields of an event to its leaf hash, with every value in between. */
export function LeafTable({ leaf }: { leaf: LeafWorking }) {
  return (
    <div className={styles.leaf}>
      <table>
        <thead>
          <tr>
            <th>field</th>
            <th>what is committed to</th>
            <th>salt</th>
            <th>SHA-256(salt ‖ text)</th>
          </tr>
        </thead>
        <tbody>
          {leaf.commitments.map(({ field, text, salt, commitment }) => (
            <tr key={field}>
              <td>{field}</td>
              <td className={styles.text}>{text ?? "erased"}</td>
              <td>{salt === undefined ? "erased" : <LongId id={salt} what="the salt" />}</td>
              <td>
                <LongId id={commitment} what="the commitment" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>The entry</h3>
      <pre>{leaf.entry}</pre>
      <h3>The leaf: SHA-256(00 ‖ entry)</h3>
      <pre>{toHex(leaf.hash)}</pre>
    </div>
  );
}
