import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type RefObject, useState } from "react";
import { filterFromSearch, filterText } from "@/addresses/filter";
import { understand } from "@/addresses/searchText";
import { Keys } from "@/parts/Hint";
import styles from "./SearchBox.module.css";

/** One box for everything: filters as text, an event's id or position, an aggregate, a part of an aggregate's id. */
export function SearchBox({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const navigate = useNavigate();
  const shown = useRouterState({
    select: ({ location }) => (location.pathname === "/events" ? filterText(filterFromSearch(location.search)) : ""),
  });
  // What is typed stands until the address changes, which then says what the filters are.
  const [draft, setDraft] = useState({ basis: shown, text: shown });
  const text = draft.basis === shown ? draft.text : shown;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const target = understand(text);
    input.current?.blur();
    if (target === undefined) {
      if (shown !== "") void navigate({ to: "/events", search: {} });
    } else if (target.kind === "event") {
      void navigate({ to: "/events", search: { event: target.id } });
    } else if (target.kind === "aggregate") {
      void navigate({
        to: "/aggregates/$type/$id",
        params: { type: target.aggregateType, id: target.aggregateId },
      });
    } else if (target.kind === "events") {
      void navigate({ to: "/events", search: target.filter });
    } else {
      void navigate({ to: "/aggregates", search: { search: target.search } });
    }
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    setDraft({ basis: shown, text: shown });
    input.current?.blur();
  };
  return (
    <search className={styles.search}>
      <form onSubmit={submit} className={styles.form}>
        <Search aria-hidden="true" />
        <input
          ref={input}
          className={styles.input}
          value={text}
          onChange={(event) => setDraft({ basis: shown, text: event.target.value })}
          onKeyDown={leave}
          placeholder="type:OrderRefunded actor:maria   Order/order_456   event id"
          aria-label="Search: filters, an aggregate, an event's id or position"
          spellCheck={false}
          autoComplete="off"
        />
        <span className={styles.key} aria-hidden="true">
          <Keys keys="/" />
        </span>
      </form>
    </search>
  );
}
