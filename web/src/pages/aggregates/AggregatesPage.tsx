import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useLog } from "@/client/ClientContext";
import { Button } from "@/parts/Button";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { formatNumber } from "@/parts/numbers";
import { Moment } from "@/time/Moment";
import styles from "./AggregatesPage.module.css";

/** How long typing rests before the list is asked for. */
const TYPING_MS = 200;

/** The aggregates of the log, by type and by what their ids hold. */
export function AggregatesPage() {
  const search = useSearch({ from: "/aggregates" });
  const navigate = useNavigate({ from: "/aggregates" });
  const { name, log } = useLog();
  const types = useQuery({
    queryKey: [name, "values", "aggregate-types", ""],
    queryFn: () => log.values("aggregate-types", ""),
  });
  const list = useInfiniteQuery({
    queryKey: [name, "aggregates", search.type, search.search],
    queryFn: ({ pageParam }) => {
      const query = { ...(search.type && { type: search.type }), ...(search.search && { search: search.search }) };
      return log.aggregates(query, pageParam === undefined ? {} : { cursor: pageParam });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const [text, setText] = useState(search.search ?? "");
  useEffect(() => {
    if (text === (search.search ?? "")) return;
    const timer = setTimeout(() => {
      void navigate({ search: (known) => ({ ...known, search: text === "" ? undefined : text }), replace: true });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, search.search, navigate]);
  const aggregates = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Aggregates</h1>
        <label className={styles.search}>
          <Search aria-hidden="true" />
          <span className="unseen">Part of an id</span>
          <input value={text} onChange={(event) => setText(event.target.value)} placeholder="part of an id" />
        </label>
        <nav className={styles.types} aria-label="Aggregate types">
          <Link to="/aggregates" search={{ search: search.search }} data-chosen={search.type === undefined}>
            All
          </Link>
          {types.data?.map(({ value }) => (
            <Link key={value} to="/aggregates" search={{ ...search, type: value }} data-chosen={search.type === value}>
              {value}
            </Link>
          ))}
        </nav>
      </header>
      {list.error !== null && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <LoadingNotice what="Loading aggregates" />}
      {list.data !== undefined && aggregates.length === 0 && (
        <EmptyNotice title="No aggregate is called so">
          Ids are searched for a part of them, whatever the case.
        </EmptyNotice>
      )}
      {aggregates.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th>aggregate</th>
              <th className={styles.number}>events</th>
              <th>last change</th>
              <th className={styles.number}>at position</th>
            </tr>
          </thead>
          <tbody>
            {aggregates.map((aggregate) => (
              <tr key={`${aggregate.aggregateType}/${aggregate.aggregateId}`}>
                <td>
                  <Link
                    to="/aggregates/$type/$id"
                    params={{ type: aggregate.aggregateType, id: aggregate.aggregateId }}
                    className={styles.name}
                  >
                    <span className={styles.type}>{aggregate.aggregateType}/</span>
                    {aggregate.aggregateId}
                  </Link>
                </td>
                <td className={styles.number}>{formatNumber(aggregate.version)}</td>
                <td>
                  <Moment at={aggregate.lastTimestamp} />
                </td>
                <td className={styles.number}>{formatNumber(aggregate.lastPosition)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && (
        <div className={styles.more}>
          <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>
            More
          </Button>
        </div>
      )}
    </div>
  );
}
