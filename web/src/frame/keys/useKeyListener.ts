import { useEffect } from "react";
import { findBinding, isPrefix } from "./registry";

/** How long the second key of two may take, in milliseconds. */
const SEQUENCE_MS = 1_200;

/** Where keys mean what the control says: writing, and what floats above the page. */
const TAKES_KEYS =
  "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable], [role=menu], [role=dialog], [role=listbox]";

/** What Enter and the space bar press, where the focus is on it. */
const IS_PRESSED = "button, a, summary, label, [role=button]";

/** Whether the control that has the focus means something by this key. */
function isTaken(event: KeyboardEvent): boolean {
  if (!(event.target instanceof Element)) return false;
  const presses = event.key === "Enter" || event.key === " ";
  return event.target.closest(presses ? `${TAKES_KEYS}, ${IS_PRESSED}` : TAKES_KEYS) !== null;
}

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
      if (isTaken(event)) return;
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
