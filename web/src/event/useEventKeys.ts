import { useNavigate } from "@tanstack/react-router";
import type { EventRecord } from "@/client/types";
import { useKeys } from "@/frame/keys/useKeys";

interface EventKeysOptions {
  readonly events: readonly EventRecord[];
  readonly selectedId: string | undefined;
  onSelect(event: EventRecord | undefined): void;
}

/** The keys of a list of events. */
export function useEventKeys({ events, selectedId, onSelect }: EventKeysOptions) {
  const navigate = useNavigate();
  const at = events.findIndex((event) => event.eventId === selectedId);
  const select = (index: number) => {
    const event = events[Math.min(Math.max(index, 0), events.length - 1)];
    if (event !== undefined) onSelect(event);
  };
  const openAggregate = () => {
    const event = events[at];
    if (event?.aggregateId === undefined) return;
    void navigate({
      to: "/aggregates/$type/$id",
      params: { type: event.aggregateType, id: event.aggregateId },
      search: { version: event.version },
    });
  };
  useKeys("Events", [
    { keys: "j", label: "Next event", run: () => select(at + 1) },
    { keys: "k", label: "Event before", run: () => select(at < 0 ? 0 : at - 1) },
    { keys: "Enter", label: "Open its aggregate", run: openAggregate },
    { keys: "Escape", label: "Close the detail", run: () => onSelect(undefined) },
  ]);
}
