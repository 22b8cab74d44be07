import type { EventFilter } from "@/client/types";
import { createSetting } from "@/settings/setting";

/** Where somebody is in the tour of the shop that `annals demo` shows; `off` where there is none, or it was ended. */
export const tourSetting = createSetting("tour", ["off", "1", "2", "3", "4"], "off");

export interface TourStep {
  readonly title: string;
  readonly text: string;
  readonly to: TourGoal;
}

/** The page on which a step is seen. */
export type TourGoal =
  | {
      readonly page: "aggregate";
      readonly type: string;
      readonly id: string;
      readonly view: "diff" | "blame";
      /** At the first event of this type; else as it is now. */
      readonly at?: string;
    }
  | { readonly page: "events"; readonly filter: EventFilter }
  | { readonly page: "integrity" };

/** What is worth finding in the shop. Its story is always the same, so that its aggregates can be named. */
export const TOUR: readonly TourStep[] = [
  {
    title: "A price, wrong for a night",
    text: "At two in the morning tom set the hand grinder to 8.90 instead of 89.00. Go on from here, or draw the slider: state, differences and timeline follow it.",
    to: { page: "aggregate", type: "Product", id: "grinder", view: "diff", at: "PriceChanged" },
  },
  {
    title: "A refund of more than was paid",
    text: "Blame names the event, the person and the time behind every field of this payment. Choose a field to go to the moment at which it was set.",
    to: { page: "aggregate", type: "Payment", id: "pay_1256", view: "blame" },
  },
  {
    title: "What was known too late",
    text: "A depot was offline for a day. These deliveries happened in the morning and were recorded in the evening; open one to see both times. Questions can go by either.",
    to: { page: "events", filter: { type: ["OrderDelivered"] } },
  },
  {
    title: "Check it yourself",
    text: "Your browser has recomputed the log's checkpoint; the foot of the page says so. Here it proves single events, and the server recomputes everything while you watch.",
    to: { page: "integrity" },
  },
];
