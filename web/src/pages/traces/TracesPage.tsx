import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/parts/Button";
import { EmptyNotice } from "@/parts/Notice";
import styles from "./TracesPage.module.css";

/** Asks which trace to show. */
export function TracesPage() {
  const navigate = useNavigate();
  const [correlation, setCorrelation] = useState("");
  return (
    <EmptyNotice title="What caused what">
      <h1 className="unseen">Traces</h1>
      <p>
        Events that belong together carry the same <code>correlationId</code> in their metadata, and each names the
        event that caused it as its <code>causationId</code>. Open a trace from any event, or by its correlation id.
      </p>
      <form
        className={styles.form}
        onSubmit={(submit) => {
          submit.preventDefault();
          const wanted = correlation.trim();
          if (wanted !== "") void navigate({ to: "/traces/$correlation", params: { correlation: wanted } });
        }}
      >
        <input
          value={correlation}
          onChange={(change) => setCorrelation(change.target.value)}
          aria-label="Correlation id"
          placeholder="correlation id"
          spellCheck={false}
        />
        <Button type="submit" look="primary">
          Show
        </Button>
      </form>
    </EmptyNotice>
  );
}
