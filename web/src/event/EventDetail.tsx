import { Link } from "@tanstack/react-router";
import { Network, X } from "lucide-react";
import type { ReactNode } from "react";
import type { EventRecord } from "@/client/types";
import { JsonTree } from "@/json/JsonTree";
import { type JsonNode, type JsonScalar, memberOf, writeJson } from "@/json/node";
import { readJson } from "@/json/read";
import { Button } from "@/parts/Button";
import { Hint } from "@/parts/Hint";
import { LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { formatNumber } from "@/parts/numbers";
import { TypeName } from "@/parts/TypeName";
import { CopyEventMenu } from "./CopyEventMenu";
import styles from "./EventDetail.module.css";
import { EventPlace } from "./EventPlace";
import { EventProofCard } from "./EventProofCard";
import { metadataOf, payloadOf } from "./payload";
import { useEvent } from "./useEvent";

interface EventDetailProps {
  /** Its id or position. */
  readonly id: string;
  onClose(): void;
  /** Narrows the list beside it to events with the same value in their payload. */
  onFilter?: (condition: string) => void;
}

/** A whole event: what it says, where it stands, and whether it proves. */
export default function EventDetail({ id, onClose, onFilter }: EventDetailProps) {
  const { data: event, error, refetch } = useEvent(id);
  if (event !== undefined) return <WholeEvent event={event} onClose={onClose} onFilter={onFilter} />;
  return (
    <div className={styles.detail}>
      <Head onClose={onClose}>
        <h2>Event {id}</h2>
      </Head>
      {error === null ? <LoadingNotice what="Loading" /> : <ProblemNotice error={error} retry={() => void refetch()} />}
    </div>
  );
}

function Head({ onClose, children }: { onClose(): void; children: ReactNode }) {
  return (
    <header className={styles.head}>
      {children}
      <Hint text="Close" keys="Escape">
        <Button look="plain" aria-label="Close the detail" onPress={onClose}>
          <X />
        </Button>
      </Hint>
    </header>
  );
}

interface WholeEventProps {
  readonly event: EventRecord;
  onClose(): void;
  readonly onFilter: EventDetailProps["onFilter"];
}

function WholeEvent({ event, onClose, onFilter }: WholeEventProps) {
  const metadata = metadataOf(event);
  const correlation = metadata && memberOf(metadata, "correlationId");
  const filter = onFilter && ((pointer: string, value: JsonScalar) => onFilter(`${pointer} = ${writeJson(value)}`));
  return (
    <article className={styles.detail} aria-label={`Event ${event.position}, ${event.eventType}`}>
      <Head onClose={onClose}>
        <h2 className={styles.title}>
          <TypeName type={event.eventType} />
          <span className={styles.position}>#{formatNumber(event.position)}</span>
        </h2>
        <span className={styles.tools}>
          {correlation?.kind === "string" && (
            <Hint text="What caused what">
              <Link
                to="/traces/$correlation"
                params={{ correlation: correlation.value }}
                search={{ event: event.eventId }}
                className={styles.trace}
                aria-label="The trace of this event"
              >
                <Network />
              </Link>
            </Hint>
          )}
          <CopyEventMenu event={event} />
        </span>
      </Head>
      <EventPlace event={event} />
      <Part title="Payload" note={event.schemaVersion > 1 ? `schema version ${event.schemaVersion}` : undefined}>
        <Json node={payloadOf(event)} onFilter={filter} />
      </Part>
      <Part title="Metadata" note="of the producer">
        <Json node={metadata} />
      </Part>
      <Part title="Context" note="noted by Annals">
        <Json node={event.context && readJson(JSON.stringify(event.context))} />
      </Part>
      <EventProofCard event={event} key={event.eventId} />
    </article>
  );
}

function Part({ title, note, children }: { title: string; note?: string | undefined; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h3>
        {title} {note !== undefined && <span className={styles.note}>{note}</span>}
      </h3>
      {children}
    </section>
  );
}

interface JsonProps {
  readonly node: JsonNode | undefined;
  onFilter?: ((pointer: string, value: JsonScalar) => void) | undefined;
}

function Json({ node, onFilter }: JsonProps) {
  if (node === undefined) return <p className={styles.erased}>Erased. Its commitment is all that is left of it.</p>;
  return <JsonTree node={node} onFilter={onFilter} />;
}
