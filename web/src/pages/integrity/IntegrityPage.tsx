import { useSearch } from "@tanstack/react-router";
import { type DragEvent, useState } from "react";
import { DroppedReceipt } from "./DroppedReceipt";
import { type DroppedFiles, readDropped } from "./dropped";
import { GrowthCard } from "./GrowthCard";
import { InclusionCard } from "./InclusionCard";
import styles from "./IntegrityPage.module.css";
import { VerificationCard } from "./VerificationCard";

/** Three questions about the log, each answered in words first, with the working behind it. */
export function IntegrityPage() {
  const { event } = useSearch({ from: "/integrity" });
  const [dropped, setDropped] = useState<DroppedFiles>({});
  const [isOver, setOver] = useState(false);
  const take = async (files: FileList) => {
    const fresh = await readDropped(files);
    setDropped((known) => ({ ...known, ...fresh }));
  };
  const drop = (drag: DragEvent) => {
    drag.preventDefault();
    setOver(false);
    void take(drag.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button below opens the same files without dragging.
    <div
      className={styles.page}
      data-over={isOver}
      onDragOver={(drag) => {
        drag.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <header className={styles.head}>
        <h1>Integrity</h1>
        <p>
          Everything marked green on this page was computed in this browser, from nothing but the files and the public
          key. Nothing is believed because the server says so.
        </p>
        <label className={styles.files}>
          <input
            type="file"
            multiple
            className="unseen"
            onChange={(change) => change.target.files !== null && void take(change.target.files)}
          />
          Check files: a receipt with its event file, a kept checkpoint, a public key
        </label>
        <span className={styles.hint}>or drop them anywhere on this page</span>
      </header>
      {dropped.refused !== undefined && <p role="alert">{dropped.refused}</p>}
      <DroppedReceipt files={dropped} />
      <InclusionCard asked={event} />
      <GrowthCard dropped={dropped.checkpoint} />
      <VerificationCard />
    </div>
  );
}
