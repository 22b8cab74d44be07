import type { JsonNode } from "@/json/node";
import type * as Api from "./api";

/*
 * What the API answers, as the UI reads it: the generated shapes, where producers' values and states are a `JsonNode` and so
 * are shown with the digits they were written with. Times are RFC 3339 in UTC with six digits of a second.
 */

/** A part of a list. `next` is an opaque cursor, null behind the last part. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  /** How many there are in all; only where a part was asked for by its offset. */
  readonly total?: number;
}

/** An event, asked for with `raw=true`: the producer's bytes stand in strings. */
export interface EventRecord extends Omit<Api.Event, "payload" | "metadata" | "tags"> {
  readonly tags?: readonly string[];
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

export type Count = Api.Counts;

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
export type ValueCount = Api.ValueCount;

/** The fields whose values can be asked for. */
export type ValueField = "types" | "aggregate-types" | "actors" | "tags";

export type AggregateSummary = Api.Aggregate;

/** What identifies an event in answers about the past. */
export type EventRef = Api.EventRef;

/** One difference between two states; `null` is a value, absence is none. */
export interface Change extends Pick<Api.Change, "path"> {
  readonly old?: JsonNode;
  readonly new?: JsonNode;
}

export interface TimelineEntry extends Omit<Api.Timeline["items"][number], "changes"> {
  readonly changes: readonly Change[];
}

export interface StateAt extends Omit<Api.State, "state" | "explain"> {
  readonly state: JsonNode;
}

export interface BlamedLeaf extends Omit<Api.Leaf, "value"> {
  readonly value: JsonNode;
}

export interface Undo extends Omit<Api.Undo, "payload" | "changes"> {
  /** JSON's null where only the changes are known. */
  readonly payload: JsonNode;
  readonly changes: readonly Change[];
}

export type Snapshot = Api.Snapshot;

/** A proof that an event is in the log, as the two files that `annals receipt` writes. */
export type EventProof = Pick<Api.Receipt, "receipt" | "eventFile">;

export type Consistency = Api.Consistency;

export type Stats = Api.Stats;

export type LogSummary = Api.Log;

export type Role = Api.Me["roles"][number];

/** How people sign in. */
export type WaysIn = Api.WaysIn;

/** Who asks. */
export type Caller = Api.Me;

export type VerificationReport = Api.Verification;

export type JobState = Api.ExportJob["state"];

/** Work that the server goes on with after its answer. */
export interface Job<Result> extends Omit<Api.ExportJob, "result"> {
  readonly result: Result | null;
}

export type ExportResult = Api.Exported;

export type ExportFormat = "json" | "jsonl" | "csv";

export interface ExportRequest {
  readonly filter: EventFilter;
  readonly format: ExportFormat;
  /** JSON pointers into the event whose values are written as `[redacted]`. */
  readonly redact: readonly string[];
}

export type DeadLetter = Api.DeadLetter;

export type DeadLetterState = DeadLetter["state"];

/** The forms in which the server reads an event: its own, and those of other producers. */
export const INPUT_FORMS = [
  "annals",
  "microservice",
  "aggregate",
  "task",
  "audit-log",
  "trading",
  "cloudevents",
] as const;

export type InputForm = (typeof INPUT_FORMS)[number];

/** What became of an append. */
export type Appended = Api.Appended;
