import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type RefObject, useId, useState } from "react";
import { filterFromSearch, filterText } from "@/addresses/filter";
import { understand } from "@/addresses/searchText";
import { Keys } from "@/parts/Hint";
import { CompletionList } from "./CompletionList";
import type { Completion } from "./completion";
import styles from "./SearchBox.module.css";
import { useCompletions } from "./useCompletions";

/** One box for everything: filters as text, an event's id or position, an aggregate, a part of an aggregate's id. */
export function SearchBox({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const goTo = useGoTo();
  const shown = useRouterState({
    select: ({ location }) => (location.pathname === "/events" ? filterText(filterFromSearch(location.search)) : ""),
  });
  // What is typed stands until the address changes, which then says what the filters are.
  const [draft, setDraft] = useState({ basis: shown, text: shown });
  const text = draft.basis === shown ? draft.text : shown;
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const completions = useCompletions(text, isOpen);
  const listId = useId();

  const write = (next: string) => {
    setDraft({ basis: shown, text: next });
    setActive(-1);
    setOpen(true);
  };
  const go = (typed: string) => {
    setOpen(false);
    input.current?.blur();
    goTo(typed, shown);
  };
  const take = (completion: Completion) => {
    write(completion.text);
    if (completion.isBegun !== true) go(completion.text);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = completions[active];
    if (chosen === undefined) go(text);
    else take(chosen);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && completions.length > 0) {
      event.preventDefault();
      setOpen(true);
      setActive((known) => Math.max(-1, Math.min(completions.length - 1, known + step)));
    } else if (event.key === "Tab" && completions[active] !== undefined) {
      event.preventDefault();
      write(completions[active].text);
    } else if (event.key === "Escape") {
      setDraft({ basis: shown, text: shown });
      input.current?.blur();
    }
  };
  const isListed = isOpen && completions.length > 0;
  return (
    <search className={styles.search}>
      <form onSubmit={submit} className={styles.form}>
        <Search aria-hidden="true" />
        <input
          ref={input}
          className={styles.input}
          value={text}
          onChange={(event) => write(event.target.value)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={press}
          placeholder="type:OrderRefunded actor:maria   Order/order_456   event id"
          role="combobox"
          aria-label="Search: filters, an aggregate, an event's id or position"
          aria-autocomplete="list"
          aria-expanded={isListed}
          aria-controls={listId}
          aria-activedescendant={isListed && active >= 0 ? `${listId}-${active}` : undefined}
          spellCheck={false}
          autoComplete="off"
        />
        <span className={styles.key} aria-hidden="true">
          <Keys keys="/" />
        </span>
      </form>
      {isListed && <CompletionList id={listId} completions={completions} active={active} onTake={take} />}
    </search>
  );
}

/** Goes where the words lead; without words, to all events. */
function useGoTo() {
  const navigate = useNavigate();
  return (typed: string, shown: string) => {
    const target = understand(typed);
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
}
