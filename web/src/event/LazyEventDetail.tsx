import { type ComponentProps, lazy, Suspense } from "react";
import { LoadingNotice } from "@/parts/Notice";

const LoadedDetail = lazy(() => import("./EventDetail"));

/** The detail of an event, whose code is fetched when the first event is opened. */
export function EventDetail(props: ComponentProps<typeof LoadedDetail>) {
  return (
    <Suspense fallback={<LoadingNotice what="Loading" />}>
      <LoadedDetail {...props} />
    </Suspense>
  );
}
