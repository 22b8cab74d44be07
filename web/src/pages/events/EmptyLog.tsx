import { LineToCopy } from "@/parts/LineToCopy";
import { EmptyNotice } from "@/parts/Notice";

/** The first page of an empty log: three commands that would fill it. */
export function EmptyLog() {
  const post = `curl -X POST ${location.origin}/v1/events -H 'content-type: application/json' -d '{"eventType":"OrderPlaced","aggregateType":"Order","aggregateId":"order_456","payload":{"total":99.99}}'`;
  return (
    <EmptyNotice title="Nothing has happened yet">
      <p>Each of these records the first events; they appear here at once.</p>
      <LineToCopy line={`annals append --type OrderPlaced --aggregate Order/order_456 --payload '{"total": 99.99}'`} />
      <LineToCopy line={post} />
      <LineToCopy line="annals import events.jsonl" />
    </EmptyNotice>
  );
}
