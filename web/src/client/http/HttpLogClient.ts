import type { Zone } from "@/settings/zone";
import {
  type AggregateName,
  type FeedObserver,
  type LogClient,
  type MomentQuery,
  PAGE_SIZE,
  type PageQuery,
  type RetriedInput,
  type StopFeed,
} from "../AnnalsClient";
import type { Buckets as BucketsAnswer } from "../api";
import type * as Api from "../types";
import { readBuckets } from "./buckets";
import { followFeed } from "./feed";
import { filterParameters, type Parameters, withParameters } from "./query";
import type { Requests } from "./request";

/** Where the routes of one log begin. */
export interface LogRoots {
  /** `/v1`, or `/v1/logs/NAME` */
  readonly api: string;
  /** Empty, or `/logs/NAME`: checkpoint and tiles stand there. */
  readonly tiles: string;
}

/** The greatest page that the server gives. */
const LIMIT_MAX = 1_000;

const POST = { method: "POST" } as const;
const VERBATIM = { reading: "verbatim" } as const;

interface Items<T> {
  readonly items: readonly T[];
}

export class HttpLogClient implements LogClient {
  constructor(
    private readonly name: string,
    private readonly requests: Requests,
    private readonly roots: LogRoots,
  ) {}

  events(filter: Api.EventFilter, { cursor, limit = PAGE_SIZE, offset, order = "desc" }: PageQuery) {
    const parameters = { ...filterParameters(filter), order, raw: true, cursor, limit, offset };
    return this.requests.json<Api.Page<Api.EventRecord>>(this.at("/events", parameters));
  }

  event(idOrPosition: string) {
    const address = this.at(`/events/${encodeURIComponent(idOrPosition)}`, { raw: true });
    return this.requests.json<Api.EventRecord>(address);
  }

  counts(filter: Api.EventFilter) {
    return this.requests.json<Api.Count>(this.at("/counts", filterParameters(filter)));
  }

  async buckets(filter: Api.EventFilter, zone: Zone) {
    const tz = zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
    const address = this.at("/buckets", { ...filterParameters(filter), by: "type", tz });
    return readBuckets(await this.requests.json<BucketsAnswer>(address));
  }

  async values(field: Api.ValueField, prefix: string) {
    return this.items<Api.ValueCount>(this.at(`/values/${field}`, { prefix, limit: 50 }));
  }

  follow(filter: Api.EventFilter, after: number | undefined, observer: FeedObserver): StopFeed {
    return followFeed(this.at("/feed", { ...filterParameters(filter), after, raw: true }), observer);
  }

  aggregates(query: { type?: string; search?: string }, { cursor, limit = PAGE_SIZE }: PageQuery) {
    return this.requests.json<Api.Page<Api.AggregateSummary>>(this.at("/aggregates", { ...query, cursor, limit }));
  }

  async timeline(name: AggregateName, span: { from: number; to: number }) {
    const address = this.at(`${ofAggregate(name)}/timeline`, { ...span });
    const { items } = await this.requests.json<Items<Api.TimelineEntry>>(address, VERBATIM);
    return items;
  }

  state(name: AggregateName, moment: MomentQuery) {
    return this.requests.json<Api.StateAt>(this.at(`${ofAggregate(name)}/state`, { ...moment }), VERBATIM);
  }

  async diff(name: AggregateName, from: number, to: number) {
    const address = this.at(`${ofAggregate(name)}/diff`, { from, to });
    const { items } = await this.requests.json<Items<Api.Change>>(address, VERBATIM);
    return items;
  }

  async blame(name: AggregateName, version: number) {
    const address = this.at(`${ofAggregate(name)}/blame`, { version });
    const { items } = await this.requests.json<Items<Api.BlamedLeaf>>(address, VERBATIM);
    return items;
  }

  undo(name: AggregateName, version: number) {
    return this.requests.json<Api.Undo>(this.at(`${ofAggregate(name)}/undo`, { version }), VERBATIM);
  }

  snapshots(name: AggregateName) {
    return this.items<Api.Snapshot>(this.at(`${ofAggregate(name)}/snapshots`));
  }

  takeSnapshot(name: AggregateName) {
    return this.requests.json<Api.Snapshot>(this.at(`${ofAggregate(name)}/snapshots`), POST);
  }

  trace(correlationId: string) {
    const address = `/traces/${encodeURIComponent(correlationId)}`;
    return this.items<Api.EventRecord>(this.at(address, { raw: true, limit: LIMIT_MAX }));
  }

  checkpoint() {
    return this.requests.text(`${this.roots.tiles}/checkpoint`, "text/plain");
  }

  async verifierKeys() {
    const logs = await this.requests.json<Items<Api.LogSummary>>("/v1/logs");
    return logs.items.find((log) => log.name === this.name)?.keys ?? [];
  }

  receipt(eventId: string) {
    const address = this.at(`/events/${encodeURIComponent(eventId)}/receipt`, { form: "json" });
    return this.requests.json<Api.EventProof>(address);
  }

  consistency(from: number, to: number) {
    return this.requests.json<Api.Consistency>(this.at("/consistency", { from, to }));
  }

  startVerification() {
    return this.requests.json<Api.Job<Api.VerificationReport>>(this.at("/verifications"), POST);
  }

  verification(job: string) {
    return this.requests.json<Api.Job<Api.VerificationReport>>(this.at(`/verifications/${encodeURIComponent(job)}`));
  }

  verifications() {
    return this.items<Api.Job<Api.VerificationReport>>(this.at("/verifications"));
  }

  stats() {
    return this.requests.json<Api.Stats>(this.at("/stats"));
  }

  startExport({ filter, format, redact }: Api.ExportRequest) {
    const address = this.at("/exports", { ...filterParameters(filter), format, redact });
    return this.requests.json<Api.Job<Api.ExportResult>>(address, POST);
  }

  export(job: string) {
    return this.requests.json<Api.Job<Api.ExportResult>>(this.at(`/exports/${encodeURIComponent(job)}`));
  }

  exportAddress(job: string, part: "file" | "manifest") {
    return this.at(`/exports/${encodeURIComponent(job)}/${part}`);
  }

  deadLetters(state: Api.DeadLetterState | undefined, { cursor, limit = PAGE_SIZE }: PageQuery) {
    return this.requests.json<Api.Page<Api.DeadLetter>>(this.at("/dead-letters", { state, cursor, limit }));
  }

  retryDeadLetter(id: number, { text, form }: RetriedInput) {
    const address = this.at(`/dead-letters/${id}/retry`, { map: form });
    return this.requests.json<Api.Appended>(address, text === undefined ? POST : { ...POST, text });
  }

  async discardDeadLetter(id: number) {
    await this.requests.text(this.at(`/dead-letters/${id}/discard`), "application/json", POST);
  }

  eventsAddress(filter: Api.EventFilter) {
    return new URL(this.at("/events", filterParameters(filter)), location.origin).href;
  }

  eventAddress(idOrPosition: string) {
    return new URL(this.at(`/events/${encodeURIComponent(idOrPosition)}`), location.origin).href;
  }

  private at(route: string, parameters: Parameters = {}): string {
    return withParameters(this.roots.api + route, parameters);
  }

  private async items<T>(address: string): Promise<readonly T[]> {
    const { items } = await this.requests.json<Items<T>>(address);
    return items;
  }
}

/** Ids may hold anything, also `/`: each part is one segment of the path. */
function ofAggregate({ aggregateType, aggregateId }: AggregateName): string {
  return `/aggregates/${encodeURIComponent(aggregateType)}/${encodeURIComponent(aggregateId)}`;
}
