import { useEffect, useRef } from "react";
import { type KeyBinding, register } from "./registry";

/** Puts key bindings into force for as long as the component stands. */
export function useKeys(title: string, bindings: readonly KeyBinding[]) {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  const shape = bindings.map((binding) => `${binding.keys}\n${binding.label}`).join("\n");
  useEffect(() => {
    // Bindings are made anew with every drawing; what they do is looked up when the key is pressed.
    const stable = shape.split("\n").flatMap((keys, at, all) => {
      const label = all[at + 1];
      if (at % 2 === 1 || label === undefined) return [];
      return [{ keys, label, run: () => latest.current.find((binding) => binding.keys === keys)?.run() }];
    });
    return register({ title, bindings: stable });
  }, [title, shape]);
}
