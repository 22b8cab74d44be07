import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { LogClient } from "@/client/AnnalsClient";
import { useLog } from "@/client/ClientContext";
import { Button } from "@/parts/Button";
import { useSetting } from "@/settings/setting";
import styles from "./Tour.module.css";
import { TOUR, type TourGoal, tourSetting } from "./tour";

/** A few steps to what is worth finding, beside whatever page is open. It takes nothing away and can be ended at any time. */
export default function Tour() {
  const navigate = useNavigate();
  const { log } = useLog();
  const at = Number(useSetting(tourSetting));
  const step = TOUR[at - 1];
  if (step === undefined) return null;
  const end = () => tourSetting.set("off");
  const show = async (goal: TourGoal) => {
    if (goal.page === "aggregate") {
      const { type, id, view } = goal;
      const search = { view, version: await firstVersion(log, goal) };
      void navigate({ to: "/aggregates/$type/$id", params: { type, id }, search });
    } else if (goal.page === "events") void navigate({ to: "/events", search: goal.filter });
    else void navigate({ to: "/integrity" });
  };
  const goOn = () => {
    const next = TOUR[at];
    if (next === undefined) return end();
    tourSetting.set(tourSetting.values[at + 1] ?? "off");
    void show(next.to);
  };
  return (
    <aside className={styles.tour} aria-label="Tour">
      <header className={styles.head}>
        <span className={styles.place}>
          {at} of {TOUR.length}
        </span>
        <Button look="plain" aria-label="End the tour" onPress={end}>
          <X />
        </Button>
      </header>
      <div aria-live="polite">
        <h2 className={styles.title}>{step.title}</h2>
        <p>{step.text}</p>
      </div>
      <footer className={styles.acts}>
        <Button onPress={() => void show(step.to)}>Show me</Button>
        <Button look="primary" onPress={goOn}>
          {at === TOUR.length ? "Done" : "Next"}
        </Button>
      </footer>
    </aside>
  );
}

/** Where in the aggregate's past the step begins, if it says so and there is such an event. */
async function firstVersion(log: LogClient, { type, id, at }: TourGoal & { page: "aggregate" }) {
  if (at === undefined) return undefined;
  const filter = { aggregate: [`${type}/${id}`], type: [at] };
  const { items } = await log.events(filter, { limit: 1, order: "asc" });
  return items[0]?.version;
}
