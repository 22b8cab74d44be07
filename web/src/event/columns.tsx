import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import type { EventRecord } from "@/client/types";
import { formatNumber } from "@/parts/numbers";
import { TypeName } from "@/parts/TypeName";
import { Moment } from "@/time/Moment";
import { AggregateLink } from "./AggregateLink";
import { Summary } from "./Summary";

export const eventFeatures = tableFeatures({});

const column = createColumnHelper<typeof eventFeatures, EventRecord>();

/** The columns of events. EventTable.module.css gives each its width by its id, and hides some where there is no room. */
export const eventColumns = column.columns([
  column.accessor("position", { header: "position", cell: (cell) => formatNumber(cell.getValue()) }),
  column.accessor("timestamp", { header: "time", cell: (cell) => <Moment at={cell.getValue()} /> }),
  column.accessor("eventType", { header: "type", cell: (cell) => <TypeName type={cell.getValue()} /> }),
  column.display({ id: "aggregate", header: "aggregate", cell: (cell) => <AggregateLink event={cell.row.original} /> }),
  column.accessor("actorId", { header: "actor", cell: (cell) => cell.getValue() ?? "(erased)" }),
  column.display({ id: "summary", header: "summary", cell: (cell) => <Summary event={cell.row.original} /> }),
]);
