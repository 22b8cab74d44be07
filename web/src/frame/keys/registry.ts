/** Something that a key, or keys one after the other, do. */
export interface KeyBinding {
  /** As in `/`, `j` or `g e`. */
  readonly keys: string;
  readonly label: string;
  run(): void;
}

/** Bindings that belong together, under the title that the list of keys gives them. */
export interface KeyGroup {
  readonly title: string;
  readonly bindings: readonly KeyBinding[];
}

const groups = new Set<KeyGroup>();

/** Puts a group into force until what is given back is called. */
export function register(group: KeyGroup): () => void {
  groups.add(group);
  return () => groups.delete(group);
}

/** What is in force at present, in the order in which it came. */
export const registeredGroups = (): readonly KeyGroup[] => [...groups];

/** The binding of these keys; the last one registered, since that is the innermost. */
export function findBinding(keys: string): KeyBinding | undefined {
  const bindings = [...groups].flatMap((group) => group.bindings);
  return bindings.findLast((binding) => binding.keys === keys);
}

/** Whether some binding begins with this key and goes on. */
export function isPrefix(key: string): boolean {
  return [...groups].some((group) => group.bindings.some((binding) => binding.keys.startsWith(`${key} `)));
}
