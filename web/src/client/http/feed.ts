import type { FeedObserver, StopFeed } from "../AnnalsClient";
import type { EventRecord } from "../types";

/**
 * Follows server-sent events. After a broken connection the browser asks again by itself, from behind the last event
 * that it got (`Last-Event-ID`), so that nothing is missed and nothing comes twice.
 */
export function followFeed(address: string, observer: FeedObserver): StopFeed {
  const source = new EventSource(address, { withCredentials: true });
  source.addEventListener("open", () => observer.connection("open"));
  source.addEventListener("error", () => observer.connection("waiting"));
  source.addEventListener("message", (message) => observer.event(JSON.parse(message.data as string) as EventRecord));
  return () => source.close();
}
