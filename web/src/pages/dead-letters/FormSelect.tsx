import { INPUT_FORMS, type InputForm } from "@/client/types";
import styles from "./DeadLettersPage.module.css";

/** What each form is called for people; those without a name of their own are called as imports call them. */
const LABELS: Partial<Record<InputForm, string>> = { annals: "events of Annals", cloudevents: "CloudEvents" };

/** The form that an address names; Annals's own where it names none that there is. */
export const formOf = (named: string | undefined): InputForm => INPUT_FORMS.find((form) => form === named) ?? "annals";

/** In which form the inputs are read when they are tried again: their source writes one. */
export function FormSelect({ chosen, onChange }: { chosen: InputForm; onChange(form: InputForm): void }) {
  return (
    <label className={styles.form}>
      read as{" "}
      <select value={chosen} onChange={(event) => onChange(formOf(event.target.value))}>
        {INPUT_FORMS.map((form) => (
          <option key={form} value={form}>
            {LABELS[form] ?? `${form} records`}
          </option>
        ))}
      </select>
    </label>
  );
}
