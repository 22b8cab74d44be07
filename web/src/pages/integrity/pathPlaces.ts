import type { InclusionStep } from "@/proof/inclusion";

/** Where a node of the way stands: `x` between 0 and 1, `row` counted from the leaf. */
export interface PathPlace {
  readonly x: number;
  readonly row: number;
}

export interface DrawnStep {
  readonly sibling: PathPlace;
  readonly parent: PathPlace;
}

/** Lays out the way from a leaf to the root: a parent stands between its children, whichever side ours is on. */
export function pathPlaces(steps: readonly InclusionStep[]): { leaf: PathPlace; drawn: readonly DrawnStep[] } {
  let x = 0;
  const raw = steps.map((step, at) => {
    const away = step.side === "left" ? -1 : 1;
    const sibling = { x: x + 2 * away, row: at };
    x += away;
    return { sibling, parent: { x, row: at + 1 } };
  });
  const all = [0, ...raw.flatMap(({ sibling, parent }) => [sibling.x, parent.x])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const place = ({ x: at, row }: PathPlace) => ({ x: most === least ? 0.5 : (at - least) / (most - least), row });
  return {
    leaf: place({ x: 0, row: 0 }),
    drawn: raw.map(({ sibling, parent }) => ({ sibling: place(sibling), parent: place(parent) })),
  };
}
