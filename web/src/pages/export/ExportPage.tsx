import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { filterFromSearch } from "@/addresses/filter";
import { useLog } from "@/client/ClientContext";
import { problemFrom } from "@/client/problem";
import type { ExportFormat, ExportRequest } from "@/client/types";
import { useJob } from "@/client/useJob";
import { commandLine, filterOptions } from "@/event/commandLines";
import { Button } from "@/parts/Button";
import { LineToCopy } from "@/parts/LineToCopy";
import { ProblemNotice } from "@/parts/Notice";
import { formatBytes, formatCount } from "@/parts/numbers";
import { Panel } from "@/parts/Panel";
import { ProgressBar } from "@/parts/ProgressBar";
import { Segments } from "@/parts/Segments";
import { FilterBar } from "../events/FilterBar";
import { useCount } from "../events/useCount";
import styles from "./ExportPage.module.css";
import { REDACTABLE, Redactions } from "./Redactions";
import { useExportSize } from "./useExportSize";

const FORMATS = [
  { value: "jsonl", label: "JSON lines" },
  { value: "json", label: "JSON" },
  { value: "csv", label: "CSV" },
] as const;

/** Takes events out of the log as a file, with a signed manifest that binds the file to the log. */
export function ExportPage() {
  const filter = filterFromSearch(useSearch({ from: "/export" }));
  const navigate = useNavigate({ from: "/export" });
  const { name, log } = useLog();
  const [format, setFormat] = useState<ExportFormat>("jsonl");
  const [redact, setRedact] = useState<readonly string[]>([]);
  const count = useCount(filter);
  const size = useExportSize(filter, count.data?.count);
  const { job, error, isStarting, start } = useJob(
    [name, "export"],
    (request: ExportRequest) => log.startExport(request),
    (id) => log.export(id),
  );
  const isRunning = isStarting || job?.state === "running";
  const redactions = redact.length === 0 ? [] : ["--redact", ...redact];
  const options = [...filterOptions(filter), "--output", `events.${format}`, ...redactions];
  return (
    <div className={styles.page}>
      <h1>Export</h1>
      <Panel title="Which events">
        <FilterBar filter={filter} total={count.data?.count} onChange={(next) => void navigate({ search: next })} />
      </Panel>
      <Panel title="How">
        <div className={styles.how}>
          <Segments label="Format" options={FORMATS} value={format} onChange={setFormat} />
          <Redactions chosen={redact} offered={REDACTABLE} onChange={setRedact} />
        </div>
      </Panel>
      <Panel
        title="The file"
        aside={
          <Button
            look="primary"
            isDisabled={isRunning || count.data?.count === 0}
            onPress={() => start({ filter, format, redact })}
          >
            {isRunning ? "Exporting" : "Export"}
          </Button>
        }
      >
        <div className={styles.file}>
          {count.data !== undefined && (
            <p>
              {formatCount(count.data.count, "event")}
              {size !== undefined && `, about ${formatBytes(size)} as JSON lines`}. The manifest says what was exported,
              by which filters and with what redacted, and is signed by the log’s key.
            </p>
          )}
          {error !== null && <ProblemNotice error={error} />}
          {job?.state === "failed" && <ProblemNotice error={problemFrom(job.problem)} />}
        </div>
        {job?.state === "running" && <ProgressBar label="Export" done={job.progress.done} total={job.progress.total} />}
        {job?.result != null && (
          <p className={styles.done} role="status">
            <a href={log.exportAddress(job.id, "file")} download={job.result.name}>
              Save the file
            </a>
            {job.result.manifest ? (
              <a href={log.exportAddress(job.id, "manifest")} download={`${job.result.name}.manifest`}>
                Save the manifest
              </a>
            ) : (
              <span>no manifest: {job.result.manifestMissing}</span>
            )}
            <span>
              {formatCount(job.result.events, "event")}, {formatBytes(job.result.bytes)}, SHA-256{" "}
              <code>{job.result.sha256}</code>
            </span>
          </p>
        )}
        <div className={styles.file}>
          <p>The same from a shell:</p>
          <LineToCopy line={commandLine(name, "export", options)} />
        </div>
      </Panel>
    </div>
  );
}
