import type { JsonNode } from "@/json/node";

/**
 * What the API answers, shaped as its OpenAPI document says. Times are RFC 3339 in UTC with six digits of a second.
 * A `JsonNode` is a producer's value or a state: it is shown with the digits it was written with.
 */

/** A part of a list. `next` is an opaque cursor, null behind the last part. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  /** How many there are in all; only where a part was asked for by its offset. */
  readonly total?: number;
}

/** An event, asked for with `raw=true`: the producer's bytes stand in strings. */
export interface EventRecord {
  readonly position: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly aggregateType: string;
  readonly aggregateId?: string;
  readonly version: number;
  readonly schemaVersion: number;
  readonly timestamp: string;
  readonly recordedAt: string;
  readonly actorId?: string;
  readonly tags?: readonly string[];
  readonly payloadText?: string;
  readonly metadataText?: string;
  readonly context?: Readonly<Record<string, unknown>>;
  /** Field and commitment of what was erased; the field itself is then not there. */
  readonly erased?: Readonly<Record<string, string>>;
}

/** The filters of events; those that are left out do not filter. */
export interface EventFilter {
  readonly type?: readonly string[];
  /** `TYPE/ID` */
  readonly aggregate?: readonly string[];
  readonly aggregateType?: string;
  readonly aggregateId?: string;
  readonly actor?: string;
  readonly tag?: readonly string[];
  readonly correlation?: string;
  /** A time, a date, or an age such as `24h`. */
  readonly from?: string;
  readonly to?: string;
  readonly recordedFrom?: string;
  readonly recordedTo?: string;
  /** `POINTER OP VALUE`, as in `/total > 100` */
  readonly where?: readonly string[];
}

export interface Count {
  readonly count: number;
}

/** How many events happened from `start` on, until the next bucket starts. */
export interface Bucket {
  readonly start: string;
  readonly count: number;
  readonly byType: Readonly<Record<string, number>>;
}

export interface Buckets {
  readonly widthSeconds: number;
  readonly items: readonly Bucket[];
}

/** A value of a field and how many events have it. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** The fields whose values can be asked for. */
export type ValueField = "types" | "aggregate-types" | "actors" | "tags";

export interface AggregateSummary {
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly lastPosition: number;
  readonly lastTimestamp: string;
}

/** What identifies an event in answers about the past. */
export interface EventRef {
  readonly version: number;
  readonly position: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly timestamp: string;
  readonly recordedAt: string;
  readonly actorId: string | null;
}

/** One difference between two states; `null` is a value, absence is none. */
export interface Change {
  readonly path: string;
  readonly old?: JsonNode;
  readonly new?: JsonNode;
}

export interface TimelineEntry extends EventRef {
  readonly changes: readonly Change[];
}

export interface StateAt {
  readonly aggregate: string;
  readonly version: number;
  readonly position: number | null;
  readonly timestamp: string | null;
  readonly late: readonly EventRef[];
  readonly state: JsonNode;
}

export interface BlamedLeaf extends Omit<EventRef, "recordedAt"> {
  readonly path: string;
  readonly value: JsonNode;
}

export interface Undo {
  readonly aggregate: string;
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly payload: JsonNode;
  readonly changes: readonly Change[];
  readonly undone: readonly EventRef[];
  readonly undoneCount: number;
}

export interface Snapshot {
  readonly aggregate: string;
  readonly version: number;
  readonly takenAt: string | null;
  readonly bytes: number;
  readonly isCurrent: boolean;
}

/** A proof that an event is in the log, as the two files that `annals receipt` writes. */
export interface EventProof {
  /** C2SP tlog-proof. */
  readonly receipt: string;
  /** The event with what opens its commitments, byte for byte. */
  readonly eventFile: string;
}

export interface Consistency {
  readonly from: number;
  readonly to: number;
  /** Base64, as in checkpoints. */
  readonly proof: readonly string[];
}

export interface Stats {
  readonly events: number;
  readonly streams: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly byAggregateType: Readonly<Record<string, number>>;
  readonly byActor: Readonly<Record<string, number>>;
  readonly distinct: { readonly types: number; readonly aggregateTypes: number; readonly actors: number };
  readonly perDay: Readonly<Record<string, number>>;
  readonly perHour: Readonly<Record<string, number>>;
  readonly snapshots: { readonly count: number; readonly bytes: number };
  readonly sizeOnDisk: number;
  readonly cache?: { readonly hits: number; readonly misses: number; readonly entries: number };
}

export interface LogSummary {
  readonly name: string;
  readonly origin: string;
  readonly size: number;
  /** The keys that speak for its checkpoints, as C2SP vkeys, the present one last. */
  readonly keys: readonly string[];
}

export type Role = "reader" | "auditor" | "writer" | "delegate" | "admin";

/** How people sign in. */
export interface WaysIn {
  /** Whether anybody has to; false where the server has no key and answers this machine only. */
  readonly needed: boolean;
  /** Whether an identity provider is configured. */
  readonly provider: boolean;
}

/** Who asks. */
export interface Caller {
  readonly subject: string;
  readonly roles: readonly Role[];
  readonly logs: readonly string[];
  /** Until when the session lasts; null where no key is configured and nobody signs in. */
  readonly expires: string | null;
  /** To be sent with everything that changes something; null where there is no session. */
  readonly csrfToken: string | null;
}

export interface VerificationProblem {
  readonly code: string;
  readonly position: number | null;
  readonly detail: string;
}

export interface VerificationReport {
  readonly ok: boolean;
  readonly size: number;
  readonly root: string | null;
  readonly events: number;
  readonly unsignedTail: number;
  readonly checkpoints: number;
  readonly problems: readonly VerificationProblem[];
  readonly problemsOmitted: number;
  readonly unchecked: readonly string[];
}

export type JobState = "running" | "done" | "failed";

/** Work that the server goes on with after its answer. */
export interface Job<Result> {
  readonly job: string;
  readonly state: JobState;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly progress: { readonly done: number; readonly total: number };
  readonly result: Result | null;
  readonly problem: { readonly code: string; readonly title: string; readonly detail?: string } | null;
}

export interface ExportResult {
  readonly events: number;
  readonly bytes: number;
  readonly sha256: string;
}

export type ExportFormat = "json" | "jsonl" | "csv";

export interface ExportRequest {
  readonly filter: EventFilter;
  readonly format: ExportFormat;
  /** JSON pointers into the event whose values are written as `[redacted]`. */
  readonly redact: readonly string[];
}

export interface DeadLetter {
  readonly id: string;
  readonly source: string;
  readonly reason: string;
  readonly detail: string;
  readonly failedAt: string;
  readonly attempts: number;
  readonly text: string;
}
