import { useParams, useSearch } from "@tanstack/react-router";
import { LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { AggregateView } from "./AggregateView";
import { AGGREGATE_PATH } from "./path";
import { useHistory } from "./useHistory";

/** One aggregate through time: what happened to it, what it was, and who set what. */
export function AggregatePage() {
  const { type, id } = useParams({ from: AGGREGATE_PATH });
  const { version } = useSearch({ from: AGGREGATE_PATH });
  const aggregate = { aggregateType: type, aggregateId: id };
  const history = useHistory(aggregate, version);
  if (history.error !== null) return <ProblemNotice error={history.error} retry={() => void history.refetch()} />;
  if (history.data === undefined) return <LoadingNotice what={`Reading the past of ${type}/${id}`} />;
  return <AggregateView key={`${type}/${id}`} aggregate={aggregate} history={history.data} />;
}
