import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useLog } from "@/client/ClientContext";
import { EventTable } from "@/event/EventTable";
import { EventDetail } from "@/event/LazyEventDetail";
import { useEventKeys } from "@/event/useEventKeys";
import { Button } from "@/parts/Button";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { formatCount, formatNumber } from "@/parts/numbers";
import { Segments } from "@/parts/Segments";
import { SplitView } from "@/parts/SplitView";
import { useCaller } from "@/session/CallerContext";
import styles from "./TrailPage.module.css";
import { TypeFilter } from "./TypeFilter";

const PAGE_LEN = 50;

const ORDERS = [
  { value: "desc", label: "Newest first" },
  { value: "asc", label: "Oldest first" },
] as const;

const NOTHING: readonly never[] = [];

/** What somebody did herself, page by page. */
export function TrailPage() {
  const search = useSearch({ from: "/trail" });
  const navigate = useNavigate({ from: "/trail" });
  const { subject } = useCaller();
  const { name, log } = useLog();
  const order = search.order === "asc" ? "asc" : "desc";
  const page = Math.max(1, Number(search.page ?? 1) || 1);
  const filter = { actor: subject, ...(search.type && { type: [search.type] }) };
  const trail = useQuery({
    queryKey: [name, "trail", filter, order, page],
    queryFn: () => log.events(filter, { limit: PAGE_LEN, offset: (page - 1) * PAGE_LEN, order }),
    placeholderData: keepPreviousData,
  });
  const events = trail.data?.items ?? NOTHING;
  const total = trail.data?.total;
  const pages = Math.max(1, Math.ceil((total ?? 0) / PAGE_LEN));
  const open = (event: string | undefined) =>
    void navigate({ search: (known) => ({ ...known, event }), replace: true });
  const turn = (to: number) => void navigate({ search: (known) => ({ ...known, page: String(to), event: undefined }) });
  useEventKeys({ events, selectedId: search.event, onSelect: (event) => open(event?.eventId) });
  return (
    <SplitView detail={search.event && <EventDetail id={search.event} onClose={() => open(undefined)} />}>
      <header className={styles.head}>
        <h1>My trail</h1>
        <span className={styles.who}>
          what {subject} did{total !== undefined && `: ${formatCount(total, "event")}`}
        </span>
        <TypeFilter
          chosen={search.type}
          known={events}
          onChange={(type) => void navigate({ search: (known) => ({ ...known, type, page: undefined }) })}
        />
        <Segments
          label="Order"
          options={ORDERS}
          value={order}
          onChange={(next) => void navigate({ search: (known) => ({ ...known, order: next, page: undefined }) })}
        />
      </header>
      <div className={styles.list}>
        {trail.error !== null ? (
          <ProblemNotice error={trail.error} retry={() => void trail.refetch()} />
        ) : (
          <EventTable
            label="My trail"
            events={events}
            total={total}
            selectedId={search.event}
            onSelect={(event) => open(event.eventId)}
            onReachEnd={stay}
            end={
              trail.isPending ? (
                <LoadingNotice what="Loading your trail" />
              ) : (
                events.length === 0 && <EmptyNotice title="Nothing yet">What you do will be listed here.</EmptyNotice>
              )
            }
          />
        )}
      </div>
      {pages > 1 && (
        <nav className={styles.pages} aria-label="Pages of the trail">
          <Button isDisabled={page <= 1} onPress={() => turn(page - 1)}>
            Before
          </Button>
          <span>
            page {formatNumber(page)} of {formatNumber(pages)}
          </span>
          <Button isDisabled={page >= pages} onPress={() => turn(page + 1)}>
            Next
          </Button>
        </nav>
      )}
    </SplitView>
  );
}

/** Pages are turned here, not scrolled into. */
function stay() {}
