import { type Bytes, isEqual, toHex } from "@/proof/bytes";
import type { InclusionStep } from "@/proof/inclusion";
import styles from "./PathSteps.module.css";

interface PathStepsProps {
  readonly leaf: Bytes;
  readonly steps: readonly InclusionStep[];
  readonly root: Bytes;
}

/** Every hash of the way, as it was computed: SHA-256(01 ‖ left ‖ right). */
export function PathSteps({ leaf, steps, root }: PathStepsProps) {
  const computed = steps.at(-1)?.parent ?? leaf;
  return (
    <ol className={styles.steps}>
      {steps.map((step, at) => {
        const own = at === 0 ? leaf : (steps[at - 1]?.parent ?? leaf);
        const [left, right] = step.side === "left" ? [step.sibling, own] : [own, step.sibling];
        return (
          <li key={toHex(step.parent)}>
            <span className={styles.faint}>01</span> <Hash bytes={left} isOwn={left === own} />{" "}
            <Hash bytes={right} isOwn={right === own} />
            <span className={styles.result}>
              = <Hash bytes={step.parent} isOwn />
            </span>
          </li>
        );
      })}
      <li>
        <span className={styles.faint}>signed</span> {toHex(root)} {isEqual(root, computed) ? "the same" : "another"}
      </li>
    </ol>
  );
}

function Hash({ bytes, isOwn }: { bytes: Bytes; isOwn: boolean }) {
  return <span className={isOwn ? styles.own : styles.sibling}>{toHex(bytes)}</span>;
}
