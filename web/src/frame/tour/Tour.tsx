import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { Button } from "@/parts/Button";
import { useSetting } from "@/settings/setting";
import styles from "./Tour.module.css";
import { TOUR, type TourGoal, tourSetting } from "./tour";

/** A few steps to what is worth finding, beside whatever page is open. It takes nothing away and can be ended at any time. */
export default function Tour() {
  const navigate = useNavigate();
  const at = Number(useSetting(tourSetting));
  const step = TOUR[at - 1];
  if (step === undefined) return null;
  const end = () => tourSetting.set("off");
  const show = (goal: TourGoal) => {
    if (goal.page === "aggregate") {
      const { type, id, view } = goal;
      void navigate({ to: "/aggregates/$type/$id", params: { type, id }, search: { view } });
    } else if (goal.page === "events") void navigate({ to: "/events", search: goal.filter });
    else void navigate({ to: "/integrity" });
  };
  const goOn = () => {
    const next = TOUR[at];
    if (next === undefined) return end();
    tourSetting.set(tourSetting.values[at + 1] ?? "off");
    show(next.to);
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
        <Button onPress={() => show(step.to)}>Show me</Button>
        <Button look="primary" onPress={goOn}>
          {at === TOUR.length ? "Done" : "Next"}
        </Button>
      </footer>
    </aside>
  );
}
