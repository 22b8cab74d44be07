import { useEffect } from "react";
import { findBinding, isPrefix } from "./registry";

/** How long the second key of two may take, in milliseconds. */
const SEQUENCE_MS = 1_200;

/** Where keys mean what the control says: writing, and what floats above the page. */
const TAKES_KEYS =
  "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable], [role=menu], [role=dialog], [role=listbox]";

/** Runs what keys are bound to. Stands once, in the frame. */
export function useKeyListener() {
  useEffect(() => {
    let prefix = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = () => {
      clearTimeout(timer);
      prefix = "";
    };
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target instanceof Element && event.target.closest(TAKES_KEYS) !== null) return;
      const keys = prefix === "" ? event.key : `${prefix} ${event.key}`;
      const binding = findBinding(keys);
      if (binding === undefined && prefix === "" && isPrefix(event.key)) {
        prefix = event.key;
        timer = setTimeout(forget, SEQUENCE_MS);
        return;
      }
      forget();
      if (binding === undefined) return;
      event.preventDefault();
      binding.run();
    };
    window.addEventListener("keydown", listen);
    return () => {
      forget();
      window.removeEventListener("keydown", listen);
    };
  }, []);
}
