import { Keys } from "@/parts/Hint";
import { ModalDialog } from "@/parts/ModalDialog";
import styles from "./KeysDialog.module.css";
import { registeredGroups } from "./registry";

/** Lists the keys that are in force on the page below. */
export default function KeysDialog({ onClose }: { onClose(): void }) {
  return (
    <ModalDialog title="Keys" onClose={onClose}>
      <div className={styles.groups}>
        {registeredGroups().map((group) => (
          <section key={group.title}>
            <h3 className={styles.title}>{group.title}</h3>
            <dl>
              {group.bindings.map((binding) => (
                <div key={binding.keys} className={styles.binding}>
                  <dt>{binding.label}</dt>
                  <dd>
                    <Keys keys={binding.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </ModalDialog>
  );
}
