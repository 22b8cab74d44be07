import { useSyncExternalStore } from "react";

/** A choice of the reader's that this browser remembers. */
export interface Setting<T extends string> {
  readonly values: readonly T[];
  get(): T;
  set(value: T): void;
  /** Calls back when the choice changes, also in another tab; gives back what ends that. */
  subscribe(changed: () => void): () => void;
}

/** Makes a setting that is kept under `annals.<name>`; `initial` stands until something else is chosen. */
export function createSetting<T extends string>(name: string, values: readonly T[], initial: T): Setting<T> {
  const key = `annals.${name}`;
  const listeners = new Set<() => void>();
  let current = read();

  function read(): T {
    const kept = readKept(key);
    return values.find((value) => value === kept) ?? initial;
  }

  function tell() {
    for (const listener of listeners) listener();
  }

  window.addEventListener("storage", (event) => {
    if (event.key !== key) return;
    current = read();
    tell();
  });

  return {
    values,
    get: () => current,
    set(value) {
      current = value;
      keep(key, value);
      tell();
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

/** The setting's value; the component is drawn again when it changes. */
export function useSetting<T extends string>(setting: Setting<T>): T {
  return useSyncExternalStore(setting.subscribe, setting.get);
}

/** Storage is refused in some private windows; the choice then lasts as long as the page. */
function readKept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // See readKept.
  }
}
