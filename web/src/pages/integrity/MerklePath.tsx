import { useRef } from "react";
import { formatNumber } from "@/parts/numbers";
import { useSize } from "@/parts/useSize";
import { type Bytes, toHex } from "@/proof/bytes";
import type { InclusionStep } from "@/proof/inclusion";
import type { LeafRange } from "@/proof/path";
import styles from "./MerklePath.module.css";
import { type PathPlace, pathPlaces } from "./pathPlaces";

const ROW_PX = 36;
/** Room for the labels at the sides; where there is little, they leave out the hashes. */
const MARGIN_X = 150;
const NARROW_PX = 560;
const NARROW_MARGIN_X = 104;
const MARGIN_Y = 24;

interface MerklePathProps {
  readonly leaf: Bytes;
  /** The position of the event. */
  readonly index: number;
  readonly steps: readonly InclusionStep[];
  readonly holds: boolean;
}

/** The way from a leaf to the root, drawn: squares are hashes of the proof, circles those that were computed here. */
export function MerklePath({ leaf, index, steps, holds }: MerklePathProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const places = pathPlaces(steps);
  const height = steps.length * ROW_PX + 2 * MARGIN_Y;
  const isNarrow = width < NARROW_PX;
  const margin = isNarrow ? NARROW_MARGIN_X : MARGIN_X;
  const room = Math.max(40, Math.min(width, 760) - 2 * margin);
  const x = (place: PathPlace) => margin + place.x * room;
  const y = (place: PathPlace) => height - MARGIN_Y - place.row * ROW_PX;
  const ours = [places.leaf, ...places.drawn.map((step) => step.parent)];
  const root = ours.at(-1) ?? places.leaf;
  return (
    <div ref={frame} className={styles.path} data-holds={holds}>
      <svg
        width={Math.max(width, 2 * margin + 40)}
        height={height}
        role="img"
        aria-label={inWords(index, steps, holds)}
      >
        {places.drawn.map(({ sibling, parent }, at) => {
          const from = ours[at] ?? places.leaf;
          return (
            <g key={`${parent.row}`}>
              <line className={styles.own} x1={x(from)} y1={y(from)} x2={x(parent)} y2={y(parent)} />
              <line className={styles.joined} x1={x(sibling)} y1={y(sibling)} x2={x(parent)} y2={y(parent)} />
            </g>
          );
        })}
        {places.drawn.map(({ sibling }, at) => {
          const step = steps[at];
          if (step === undefined) return null;
          const isLeft = step.side === "left";
          return (
            <g key={`${sibling.row}`}>
              <rect className={styles.sibling} x={x(sibling) - 5} y={y(sibling) - 5} width={10} height={10} rx={2} />
              <text
                className={styles.label}
                x={x(sibling) + (isLeft ? -12 : 12)}
                y={y(sibling) + 4}
                textAnchor={isLeft ? "end" : "start"}
              >
                {rangeText(step.siblingLeaves)}
                {!isNarrow && <tspan className={styles.hash}> {toHex(step.sibling).slice(0, 6)}</tspan>}
              </text>
            </g>
          );
        })}
        {ours.map((place) => (
          <circle key={place.row} className={styles.computed} cx={x(place)} cy={y(place)} r={place === root ? 8 : 5} />
        ))}
        <text className={styles.name} x={x(places.leaf)} y={y(places.leaf) + 20} textAnchor="middle">
          event {formatNumber(index)} <tspan className={styles.hash}>{toHex(leaf).slice(0, 6)}</tspan>
        </text>
        <text className={styles.name} x={x(root)} y={y(root) - 13} textAnchor="middle">
          {holds ? "the signed root" : "not the signed root"}
        </text>
      </svg>
    </div>
  );
}

const rangeText = ({ from, to }: LeafRange): string =>
  to - from === 1 ? formatNumber(from) : `${formatNumber(from)} – ${formatNumber(to - 1)}`;

function inWords(index: number, steps: readonly InclusionStep[], holds: boolean): string {
  const joined = steps.map((step) => `the hash over the events ${rangeText(step.siblingLeaves)} at the ${step.side}`);
  return `From event ${index}, joined with ${joined.join(", then ")}, to ${holds ? "the signed root" : "another root"}.`;
}
