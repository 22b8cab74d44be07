/*
 * The shapes of the API, generated from its OpenAPI document by `npm run generate`. Not to be edited: a test compares
 * them. What the UI makes of them is in types.ts.
 */

export type AppendAnswer = Appended | Verdicts | LineReport;
/**
 * At which version an aggregate must be: a number (0: it has no events), none, exists or any
 */
export type ExpectedVersion = number | ("none" | "exists" | "any");
/**
 * One event, or events that are recorded all or none, or several appends
 */
export type AppendRequest = NewEvent | AppendMany | AppendEach;

export interface Shapes {
  Aggregate?: Aggregate;
  AggregateList?: AggregateList;
  Alive?: Alive;
  AppendAnswer?: AppendAnswer;
  AppendEach?: AppendEach;
  AppendMany?: AppendMany;
  AppendRequest?: AppendRequest;
  Appended?: Appended;
  Blame?: Blame;
  Buckets?: Buckets;
  Change?: Change;
  Condition?: Condition;
  Consistency?: Consistency;
  Counts?: Counts;
  CursorAdvance?: CursorAdvance;
  DeadLetter?: DeadLetter;
  DeadLetterList?: DeadLetterList;
  Diff?: Diff;
  Event?: Event;
  EventList?: EventList;
  EventRef?: EventRef;
  ExpectedVersion?: ExpectedVersion;
  ExportJob?: ExportJob;
  ExportJobList?: ExportJobList;
  Exported?: Exported;
  Leaf?: Leaf;
  LineReport?: LineReport;
  Log?: Log;
  LogList?: LogList;
  Me?: Me;
  NewEvent?: NewEvent;
  Problem?: Problem;
  QueryItem?: QueryItem;
  Readiness?: Readiness;
  Receipt?: Receipt;
  Replay?: Replay;
  SignIn?: SignIn;
  Snapshot?: Snapshot;
  SnapshotList?: SnapshotList;
  State?: State;
  StateList?: StateList;
  Stats?: Stats;
  Timeline?: Timeline;
  Trace?: Trace;
  Trail?: Trail;
  Undo?: Undo;
  ValueCount?: ValueCount;
  ValueList?: ValueList;
  Verdicts?: Verdicts;
  Verification?: Verification;
  VerificationJob?: VerificationJob;
  VerificationJobList?: VerificationJobList;
  WaysIn?: WaysIn;
}
/**
 * An aggregate
 */
export interface Aggregate {
  aggregateId: string;
  aggregateType: string;
  /**
   * Where its last event stands
   */
  lastPosition: number;
  /**
   * When its last event happened
   */
  lastTimestamp: string;
  /**
   * How many events it has
   */
  version: number;
}
/**
 * A page of aggregates
 */
export interface AggregateList {
  items: Aggregate[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * The process is alive
 */
export interface Alive {
  status: "ok";
}
/**
 * Where the events stand, in the order of the append
 */
export interface Appended {
  /**
   * Items: An event
   */
  events: {
    /**
     * Its identity
     */
    eventId: string;
    /**
     * Its place in the log
     */
    position: number;
    /**
     * When it was recorded
     */
    recordedAt: string;
    /**
     * Its place in its aggregate
     */
    version: number;
  }[];
  /**
   * Whether it was recorded before
   */
  repeated: boolean;
}
/**
 * A verdict for each append, in order
 */
export interface Verdicts {
  appends: (
    | {
        appended: Appended;
        /**
         * 201, or 200 for a repeat
         */
        status: number;
      }
    | {
        problem: Problem;
        /**
         * The status that it would have alone
         */
        status: number;
      }
  )[];
}
/**
 * Why a request was not answered as it was meant (RFC 9457). Further members carry the facts.
 */
export interface Problem {
  /**
   * The stable code
   */
  code: string;
  /**
   * What happened this time
   */
  detail: string;
  /**
   * What to do
   */
  help?: string;
  /**
   * The status of the answer
   */
  status: number;
  /**
   * What the code means
   */
  title: string;
  /**
   * Where the code is explained
   */
  type: string;
}
/**
 * What became of the lines
 */
export interface LineReport {
  appended: number;
  /**
   * The first 100
   *
   * Items: Why a line was not stored
   */
  problems: {
    /**
     * Its number, from 1
     */
    line: number;
    problem: Problem;
  }[];
  /**
   * Lines that are not blank
   */
  read: number;
  /**
   * Not stored
   */
  rejected: number;
  /**
   * Recorded before
   */
  repeated: number;
}
/**
 * Appends, each for itself
 */
export interface AppendEach {
  appends: AppendMany[];
}
/**
 * Events that are recorded all or none
 */
export interface AppendMany {
  condition?: Condition;
  cursors?: CursorAdvance[];
  /**
   * @minItems 1
   */
  events: [NewEvent, ...NewEvent[]];
  /**
   * For the one aggregate of the events; or an object with a version for each of several
   */
  expectedVersion?:
    | ExpectedVersion
    | {
        [k: string]: ExpectedVersion;
      };
}
/**
 * What must be true of the whole log
 */
export interface Condition {
  /**
   * Only events behind this position count
   */
  after?: number | null;
  /**
   * The append fails if an event matches any of these
   *
   * @minItems 1
   */
  failIfEventsMatch: [QueryItem, ...QueryItem[]];
}
/**
 * All of what is given
 */
export interface QueryItem {
  actor?: string;
  aggregateId?: string;
  aggregateType?: string;
  aggregates?: string[];
  correlation?: string;
  from?: string;
  recordedFrom?: string;
  recordedTo?: string;
  tags?: string[];
  to?: string;
  types?: string[];
  where?: string[];
}
/**
 * The move of a cursor, by compare-and-set
 */
export interface CursorAdvance {
  /**
   * Where it must stand; null when it must not exist
   */
  from?: string | null;
  name: string;
  /**
   * Where it stands then
   */
  to: string;
}
/**
 * An event to be recorded. Members of a recorded event that the log gives (position, version, recordedAt) may be there, and are given anew.
 */
export interface NewEvent {
  /**
   * Who did it; the caller, when it is not given
   */
  actorId?: string;
  /**
   * To which aggregate, written TYPE/ID; or aggregateType and aggregateId
   */
  aggregate?: string;
  /**
   * Which aggregate
   */
  aggregateId?: string;
  /**
   * The kind of aggregate
   */
  aggregateType?: string;
  /**
   * The metadata's, where there are no metadata
   */
  causationId?: string;
  /**
   * What another log noted; administrators only
   */
  context?: {};
  /**
   * The metadata's, where there are no metadata
   */
  correlationId?: string;
  /**
   * Its identity, which makes a retry safe; a UUID, or any id, of which one follows
   */
  eventId?: string;
  /**
   * What happened
   */
  eventType: string;
  /**
   * Data about the event; kept byte for byte
   */
  metadata?: {};
  /**
   * In place of metadata: its bytes
   */
  metadataText?: string;
  /**
   * The data; kept byte for byte
   */
  payload?: {};
  /**
   * In place of payload: its bytes
   */
  payloadText?: string;
  position?: number;
  /**
   * Given anew
   */
  recordedAt?: string;
  /**
   * The version of the event type's shape
   */
  schemaVersion?: number;
  /**
   * Further entities that it is about
   */
  tags?: string[];
  /**
   * When it happened; now, when it is not given
   */
  timestamp?: string;
  version?: number;
}
/**
 * Who set what
 */
export interface Blame {
  aggregate: string;
  items: Leaf[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
  version: number;
}
/**
 * A leaf of a state, and the event that last changed it
 */
export interface Leaf {
  actorId: string | null;
  /**
   * The event
   */
  eventId: string;
  eventType: string;
  /**
   * JSON pointer
   */
  path: string;
  position: number;
  /**
   * When it happened
   */
  timestamp: string;
  /**
   * Any JSON value
   */
  value: {
    [k: string]: unknown;
  };
  version: number;
}
/**
 * How many events happened when
 */
export interface Buckets {
  /**
   * How long a bucket is
   */
  interval: "minute" | "hour" | "day" | "week" | "month";
  /**
   * Items: A bucket
   */
  items: {
    by?: {
      [k: string]: number;
    };
    count: number;
    /**
     * Its first moment
     */
    start: string;
  }[];
}
/**
 * A difference between two states
 */
export interface Change {
  /**
   * Any JSON value
   */
  new?: {
    [k: string]: unknown;
  };
  /**
   * Any JSON value
   */
  old?: {
    [k: string]: unknown;
  };
  /**
   * JSON pointer
   */
  path: string;
}
/**
 * That a log only grew
 */
export interface Consistency {
  from: number;
  /**
   * In base64
   */
  fromRoot: string;
  /**
   * Items: In base64
   */
  proof: string[];
  to: number;
  /**
   * In base64
   */
  toRoot: string;
}
/**
 * How many events match
 */
export interface Counts {
  count: number;
  groups?: ValueCount[];
}
/**
 * A value and how often it occurs
 */
export interface ValueCount {
  count: number;
  value: string;
}
/**
 * An input that could not become an event
 */
export interface DeadLetter {
  /**
   * The stable code of the reason
   */
  code: string;
  /**
   * Its number
   */
  id: number;
  /**
   * Its place there, such as a line or an offset
   */
  place: string;
  /**
   * Why it could not become an event
   */
  reason: string;
  receivedAt: string;
  /**
   * The input, where it is text
   */
  record?: string;
  /**
   * The input's bytes in base64, where it is not
   */
  recordBase64?: string;
  /**
   * Where it came from
   */
  source: string;
  /**
   * What became of it
   */
  state: "open" | "retried" | "discarded";
}
/**
 * Dead letters
 */
export interface DeadLetterList {
  items: DeadLetter[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * What changed
 */
export interface Diff {
  aggregate: string;
  /**
   * Which event stands at the moment
   */
  from: {
    /**
     * Its place in the log
     */
    position: number | null;
    /**
     * When it happened
     */
    timestamp: string | null;
    /**
     * 0 before the first event
     */
    version: number;
  };
  items: Change[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
  /**
   * Which event stands at the moment
   */
  to: {
    /**
     * Its place in the log
     */
    position: number | null;
    /**
     * When it happened
     */
    timestamp: string | null;
    /**
     * 0 before the first event
     */
    version: number;
  };
}
/**
 * An event
 */
export interface Event {
  /**
   * Who did it; missing where it was erased
   */
  actorId?: string;
  /**
   * Which aggregate; missing where it was erased
   */
  aggregateId?: string;
  /**
   * The kind of aggregate
   */
  aggregateType: string;
  /**
   * What Annals noted about the recording
   */
  context?: {
    recordedBy?: string;
    requestId?: string;
    source?: string;
    sourceEventId?: string;
    traceparent?: string;
  };
  /**
   * Where something was erased: the field and its commitment
   */
  erased?: {
    [k: string]: string;
  };
  /**
   * Its identity
   */
  eventId: string;
  /**
   * What happened
   */
  eventType: string;
  /**
   * The producer's data about the event, byte for byte
   */
  metadata?: {};
  /**
   * With raw=true, in place of metadata: its bytes
   */
  metadataText?: string;
  /**
   * The producer's data, byte for byte
   */
  payload?: {};
  /**
   * With raw=true, in place of payload: its bytes
   */
  payloadText?: string;
  /**
   * Its place in the order of all events, from 0
   */
  position: number;
  /**
   * When it was recorded
   */
  recordedAt: string;
  /**
   * The version of the event type's shape
   */
  schemaVersion: number;
  /**
   * Further entities that it is about
   */
  tags?: string[];
  /**
   * When it happened, by the producer
   */
  timestamp: string;
  /**
   * Its place in its aggregate, from 1
   */
  version: number;
}
/**
 * A page of events
 */
export interface EventList {
  items: Event[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
  /**
   * How many match; only with offset
   */
  total?: number;
}
/**
 * Which event it is
 */
export interface EventRef {
  /**
   * Who did it; null where it was erased
   */
  actorId: string | null;
  /**
   * Its identity
   */
  eventId: string;
  /**
   * What happened
   */
  eventType: string;
  /**
   * Its place in the log
   */
  position: number;
  /**
   * When it was recorded
   */
  recordedAt: string;
  /**
   * When it happened
   */
  timestamp: string;
  /**
   * Its place in its aggregate
   */
  version: number;
}
/**
 * An export
 */
export interface ExportJob {
  createdAt: string;
  /**
   * null while it is under way
   */
  finishedAt: string | null;
  id: string;
  log: string;
  /**
   * Why it failed; null where it did not
   */
  problem: Problem | null;
  /**
   * How many positions were looked at, and how many there are
   */
  progress: {
    done: number;
    total: number;
  };
  /**
   * What was exported; null until it is done
   */
  result: Exported | null;
  state: "running" | "done" | "failed";
}
/**
 * What was exported
 */
export interface Exported {
  bytes: number;
  events: number;
  /**
   * Whether there is a signed manifest
   */
  manifest: boolean;
  /**
   * Why there is none
   */
  manifestMissing: string | null;
  /**
   * The file's name
   */
  name: string;
  /**
   * Items: A place whose values were left out
   */
  redacted: {
    count: number;
    pointer: string;
  }[];
  /**
   * Of the file's bytes, in lowercase hex
   */
  sha256: string;
}
/**
 * Exports
 */
export interface ExportJobList {
  items: ExportJob[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * A log
 */
export interface Log {
  /**
   * The newest signed checkpoint
   */
  checkpoint: {
    /**
     * In base64
     */
    root: string;
    size: number;
  } | null;
  /**
   * The keys that speak for its checkpoints, the present one last
   */
  keys: string[];
  name: string;
  origin: string;
  /**
   * In base64
   */
  root: string;
  size: number;
  /**
   * Whether events can be appended here
   */
  writable: boolean;
}
/**
 * The logs
 */
export interface LogList {
  items: Log[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * Who you are to this server, and what you may do
 */
export interface Me {
  /**
   * By what you are known: loopback where the server has no key
   */
  credential: "loopback" | "token" | "session";
  /**
   * What requests of this session that change something say in the header X-CSRF-Token; null where there is no session
   */
  csrfToken: string | null;
  /**
   * When the token or session ends; null when it does not
   */
  expires: string | null;
  /**
   * The logs that you may use; * for all of them
   */
  logs: string[];
  /**
   * What you are to the logs
   */
  roles: ("reader" | "auditor" | "writer" | "delegate" | "admin")[];
  /**
   * Your name as an actor; anonymous when nobody is known
   */
  subject: string;
}
/**
 * Whether questions can be answered
 */
export interface Readiness {
  /**
   * Items: A log
   */
  logs: {
    name: string;
    /**
     * How many events it holds
     */
    size: number;
  }[];
  /**
   * ok, or stopping
   */
  status: "ok" | "stopping";
}
/**
 * A receipt and the event file
 */
export interface Receipt {
  /**
   * What opens the commitments
   */
  eventFile: string;
  /**
   * The event
   */
  eventId: string;
  position: number;
  /**
   * A C2SP tlog-proof
   */
  receipt: string;
}
/**
 * Events with the states around them
 */
export interface Replay {
  /**
   * Items: A step
   */
  items: {
    /**
     * The state behind
     */
    after: {};
    /**
     * The state before
     */
    before: {};
    event: Event;
  }[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * With what somebody signs in: a token, or the code of a sign-in link
 */
export interface SignIn {
  /**
   * A code that is good once
   */
  code?: string;
  /**
   * A token, as Authorization would carry it
   */
  token?: string;
}
/**
 * A kept state
 */
export interface Snapshot {
  aggregate: string;
  bytes: number;
  /**
   * Whether it is of the present reducer
   */
  isCurrent: boolean;
  /**
   * When it was taken; null where that cannot be read
   */
  takenAt: string | null;
  version: number;
}
/**
 * Snapshots
 */
export interface SnapshotList {
  items: Snapshot[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * The state of an aggregate
 */
export interface State {
  aggregate: string;
  /**
   * Where the answer comes from
   */
  explain?: {
    eventsFolded: number;
    snapshotVersion: number | null;
    /**
     * What helped
     */
    source: "replay" | "snapshot" | "cache";
  };
  /**
   * What had happened and stands behind what had not; the first 100
   */
  late: EventRef[];
  position: number | null;
  /**
   * The state
   */
  state: {};
  /**
   * Of the last event that was folded
   */
  timestamp: string | null;
  /**
   * Of the last event that was folded; 0 before the first one
   */
  version: number;
}
/**
 * States
 */
export interface StateList {
  items: (
    | State
    | {
        problem: Problem;
      }
  )[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * A log in numbers
 */
export interface Stats {
  byActor: {
    [k: string]: number;
  };
  byAggregateType: {
    [k: string]: number;
  };
  byType: {
    [k: string]: number;
  };
  /**
   * How many different ones there are
   */
  distinct: {
    actors: number;
    aggregateTypes: number;
    types: number;
  };
  events: number;
  perDay: {
    [k: string]: number;
  };
  perHour: {
    [k: string]: number;
  };
  /**
   * Bytes
   */
  sizeOnDisk: number;
  /**
   * Snapshots
   */
  snapshots: {
    bytes: number;
    count: number;
  };
  /**
   * States that are kept in memory
   */
  stateCache: {
    /**
     * How many
     */
    entries: number;
    /**
     * Which part of the questions; null before the first
     */
    hitRate: number | null;
    /**
     * Questions that one of them answered
     */
    hits: number;
    /**
     * Questions that none did
     */
    misses: number;
  };
  /**
   * Aggregates
   */
  streams: number;
}
/**
 * Events and what they changed
 */
export interface Timeline {
  /**
   * Items: An event
   */
  items: {
    /**
     * Who did it; null where it was erased
     */
    actorId: string | null;
    changes: Change[];
    /**
     * Its identity
     */
    eventId: string;
    /**
     * What happened
     */
    eventType: string;
    /**
     * Its place in the log
     */
    position: number;
    /**
     * When it was recorded
     */
    recordedAt: string;
    /**
     * When it happened
     */
    timestamp: string;
    /**
     * Its place in its aggregate
     */
    version: number;
  }[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * Everything under one correlation id
 */
export interface Trace {
  items: Event[];
  /**
   * Items: What caused an event
   */
  links: {
    /**
     * What its metadata name
     */
    causationId: string;
    /**
     * Where the cause stands, when it is listed
     */
    cause: number | null;
    /**
     * The event
     */
    eventId: string;
    position: number;
  }[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
  /**
   * Only with offset
   */
  total?: number;
}
/**
 * A part of a user's trail
 */
export interface Trail {
  /**
   * Items: An event
   */
  items: {
    /**
     * The payload
     */
    event_data: {} | null;
    /**
     * Its identity
     */
    event_id: string;
    event_type: string;
    /**
     * Its position
     */
    id: number;
    /**
     * The aggregate's id
     */
    task_id: string | null;
    /**
     * When it happened
     */
    timestamp: string;
    user_id: string | null;
  }[];
  limit: number;
  offset: number;
  total: number;
}
/**
 * What brings an aggregate back
 */
export interface Undo {
  aggregate: string;
  changes: Change[];
  fromVersion: number;
  /**
   * The payload of an event that does it; null where there is none
   */
  payload: {} | null;
  toVersion: number;
  /**
   * The last 1,000 of the events that are undone
   */
  undone: EventRef[];
  undoneCount: number;
}
/**
 * Values, the most frequent first
 */
export interface ValueList {
  items: ValueCount[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * What a verification found
 */
export interface Verification {
  /**
   * How many checkpoints agree with the log
   */
  checkpoints: number;
  /**
   * How many events were recomputed
   */
  events: number;
  /**
   * Items: A key and the checkpoints for which it speaks
   */
  keys: {
    after: number | null;
    key: string;
    keyId: string;
    rotation: string | null;
    until: number | null;
  }[];
  /**
   * Nothing at all is wrong
   */
  ok: boolean;
  /**
   * The log for which this one goes on; null where there is none
   */
  predecessor: {} | null;
  /**
   * Items: Something that is wrong
   */
  problems: {
    code: string;
    detail: string;
    position: number | null;
  }[];
  /**
   * How many problems were found beyond those
   */
  problemsOmitted: number;
  /**
   * In base64; null where too little is left to compute it
   */
  root: string | null;
  /**
   * The log's size when the verification began
   */
  size: number;
  /**
   * What could not be looked at, and why
   */
  unchecked: string[];
  /**
   * How many events stand behind the largest checkpoint that agrees
   */
  unsignedTail: number;
}
/**
 * A verification
 */
export interface VerificationJob {
  createdAt: string;
  /**
   * null while it is under way
   */
  finishedAt: string | null;
  id: string;
  log: string;
  /**
   * Why it failed; null where it did not
   */
  problem: Problem | null;
  /**
   * How many positions were looked at, and how many there are
   */
  progress: {
    done: number;
    total: number;
  };
  /**
   * What it found; null until it is done
   */
  result: Verification | null;
  state: "running" | "done" | "failed";
}
/**
 * Verifications
 */
export interface VerificationJobList {
  items: VerificationJob[];
  /**
   * Where the next page begins; null when there is none
   */
  next: string | null;
}
/**
 * How people sign in here
 */
export interface WaysIn {
  /**
   * Whether somebody has to; not where the server has no key
   */
  needed: boolean;
  /**
   * Whether an identity provider is configured: GET /session/sign-in leads there
   */
  provider: boolean;
}
