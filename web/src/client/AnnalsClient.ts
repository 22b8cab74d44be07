import type { Zone } from "@/settings/zone";
import type {
  AggregateSummary,
  Appended,
  BlamedLeaf,
  Buckets,
  Caller,
  Change,
  Consistency,
  Count,
  DeadLetter,
  DeadLetterState,
  EventFilter,
  EventProof,
  EventRecord,
  ExportRequest,
  ExportResult,
  InputForm,
  Job,
  LogSummary,
  Page,
  Snapshot,
  StateAt,
  Stats,
  TimelineEntry,
  Undo,
  ValueCount,
  ValueField,
  VerificationReport,
  WaysIn,
} from "./types";

export const PAGE_SIZE = 100;

/** An aggregate of a log. */
export interface AggregateName {
  readonly aggregateType: string;
  readonly aggregateId: string;
}

export interface PageQuery {
  readonly cursor?: string;
  readonly limit?: number;
  /** Leaves out so many first; the answer then has the total. */
  readonly offset?: number;
  /** Newest first, unless something else is said. */
  readonly order?: "asc" | "desc";
}

/** What is appended for a dead letter. */
export interface RetriedInput {
  /** The input as it should have been; what arrived where it is not given. */
  readonly text?: string;
  readonly form: InputForm;
}

/** Follows a live feed. */
export interface FeedObserver {
  event(event: EventRecord): void;
  /** Whether the feed is connected; it connects again by itself and misses nothing. */
  connection(state: "open" | "waiting"): void;
}

/** Ends a feed. */
export type StopFeed = () => void;

/**
 * Everything that the UI asks of Annals. Pages know nothing of HTTP, so that a desktop application can answer the same
 * questions by its own calls. Whatever fails, fails with a `Problem`.
 */
export interface AnnalsClient {
  caller(): Promise<Caller>;
  waysIn(): Promise<WaysIn>;
  signIn(credential: { token: string } | { code: string }): Promise<void>;
  signOut(): Promise<void>;
  /** Where the browser goes to sign in with an identity provider, and from there back to a page. */
  providerAddress(returnTo: string): string;
  logs(): Promise<readonly LogSummary[]>;
  log(name: string): LogClient;
}

/** The questions about one log. */
export interface LogClient {
  events(filter: EventFilter, page: PageQuery): Promise<Page<EventRecord>>;
  /** By its id or position. */
  event(idOrPosition: string): Promise<EventRecord>;
  counts(filter: EventFilter): Promise<Count>;
  /** By the time at which they happened, in as many buckets as a picture can show; days are those of the zone. */
  buckets(filter: EventFilter, zone: Zone): Promise<Buckets>;
  values(field: ValueField, prefix: string): Promise<readonly ValueCount[]>;
  /** New events that pass the filter, from behind `after` on. */
  follow(filter: EventFilter, after: number | undefined, observer: FeedObserver): StopFeed;

  aggregates(query: { type?: string; search?: string }, page: PageQuery): Promise<Page<AggregateSummary>>;
  timeline(name: AggregateName, span: { from: number; to: number }): Promise<readonly TimelineEntry[]>;
  state(name: AggregateName, moment: MomentQuery): Promise<StateAt>;
  diff(name: AggregateName, from: number, to: number): Promise<readonly Change[]>;
  blame(name: AggregateName, version: number): Promise<readonly BlamedLeaf[]>;
  undo(name: AggregateName, version: number): Promise<Undo>;
  snapshots(name: AggregateName): Promise<readonly Snapshot[]>;
  takeSnapshot(name: AggregateName): Promise<Snapshot>;
  trace(correlationId: string): Promise<readonly EventRecord[]>;

  /** The newest signed checkpoint: a C2SP note. */
  checkpoint(): Promise<string>;
  /** The log's public keys, as C2SP vkeys, the current one last. */
  verifierKeys(): Promise<readonly string[]>;
  receipt(eventId: string): Promise<EventProof>;
  consistency(from: number, to: number): Promise<Consistency>;
  startVerification(): Promise<Job<VerificationReport>>;
  verification(job: string): Promise<Job<VerificationReport>>;
  /** Those that the caller may know of, for as long as the server keeps them. */
  verifications(): Promise<readonly Job<VerificationReport>[]>;

  stats(): Promise<Stats>;
  startExport(request: ExportRequest): Promise<Job<ExportResult>>;
  export(job: string): Promise<Job<ExportResult>>;
  /** Where the browser downloads a finished export, or its manifest. */
  exportAddress(job: string, part: "file" | "manifest"): string;

  /** Those of which that has become; all of them where nothing is said. */
  deadLetters(state: DeadLetterState | undefined, page: PageQuery): Promise<Page<DeadLetter>>;
  /** Appends its input, or that text in its place; when that is no event either, nothing changes. */
  retryDeadLetter(id: number, input: RetriedInput): Promise<Appended>;
  discardDeadLetter(id: number): Promise<void>;

  /** The address of the same question for a program, for people who copy it. */
  eventsAddress(filter: EventFilter): string;
  eventAddress(idOrPosition: string): string;
}

/** Now, behind a version, or what had happened by a time; with `recorded`, what was known then. */
export type MomentQuery = { version: number } | { at: string; recorded?: boolean };
