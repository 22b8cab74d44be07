import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useLog } from "@/client/ClientContext";
import type { EventFilter, EventRecord } from "@/client/types";

/** The events that pass a filter, newest first, page by page as the reader goes down. */
export interface EventList {
  readonly events: readonly EventRecord[];
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly isComplete: boolean;
  readonly error: unknown;
  retry(): void;
  loadMore(): void;
}

export function useEventList(filter: EventFilter): EventList {
  const { name, log } = useLog();
  const query = useInfiniteQuery({
    queryKey: [name, "events", filter],
    queryFn: ({ pageParam }) => log.events(filter, pageParam === undefined ? {} : { cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const events = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    events,
    isLoading: query.isPending,
    isLoadingMore: isFetchingNextPage,
    isComplete: query.data !== undefined && !hasNextPage,
    error: query.error,
    retry: () => void refetch(),
    loadMore,
  };
}
