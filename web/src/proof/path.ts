import { Refusal } from "./refusal";

/** On which side of the path the next hash of a proof stands. */
export type Side = "left" | "right";

/**
 * The way up from a node to the root: the variables fn and sn of RFC 9162 section 2.1.3.2, and besides the row, so that
 * the way can be drawn. Whole numbers beyond 2^32 have no bit operations here, hence the arithmetic.
 */
export class Path {
  /** The row of the node; leaves are row 0. */
  row = 0;

  constructor(
    /** The index of the node in its row. */
    public node: number,
    /** The index of the last node in that row. */
    private last: number,
  ) {}

  /** The side of the next hash; refuses when the root is reached already. */
  side(): Side {
    if (this.last === 0) throw new Refusal("proof-length", "the proof is longer than the way to the root");
    return this.node % 2 === 1 || this.node === this.last ? "left" : "right";
  }

  /** Steps to the parent. A last node without a right sibling rises, unhashed, until it has a left one. */
  ascend() {
    if (this.node === this.last) {
      while (this.node % 2 === 0 && this.node !== 0) this.rise();
    }
    this.rise();
  }

  /** Rises to the greatest subtree that ends with this node. */
  skipRightChildren() {
    while (this.node % 2 === 1) this.rise();
  }

  mustBeAtTheRoot() {
    if (this.last !== 0) throw new Refusal("proof-length", "the proof ends before the root");
  }

  private rise() {
    this.node = Math.floor(this.node / 2);
    this.last = Math.floor(this.last / 2);
    this.row += 1;
  }
}

/** The leaves below a node: `from` is the first of them, `to` is behind the last. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The leaves below node `index` of a row, in a tree of `size` leaves. */
export function leavesBelow(row: number, index: number, size: number): LeafRange {
  const width = 2 ** row;
  return { from: index * width, to: Math.min((index + 1) * width, size) };
}
