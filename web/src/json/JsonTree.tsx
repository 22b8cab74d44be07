import { ChevronRight, Filter } from "lucide-react";
import { useState } from "react";
import styles from "./JsonTree.module.css";
import { isScalar, type JsonNode, type JsonScalar, writeJson } from "./node";
import { pointerTo } from "./pointer";

/** Objects and arrays with more members than this begin closed, unless they are the whole value. */
const OPEN_MAX = 24;

interface JsonTreeProps {
  readonly node: JsonNode;
  /** Offered beside every scalar: to look for events with the same value in the same place. */
  onFilter?: ((pointer: string, value: JsonScalar) => void) | undefined;
}

/** JSON as a tree whose parts open and close, with every digit as it was written. */
export function JsonTree({ node, onFilter }: JsonTreeProps) {
  const children = childrenOf(node);
  if (children.length === 0) return <Scalar node={node} />;
  return <Children items={children} pointer="" onFilter={onFilter} />;
}

interface Child {
  readonly name: string;
  readonly value: JsonNode;
}

function childrenOf(node: JsonNode): readonly Child[] {
  if (node.kind === "object") return node.members;
  if (node.kind === "array") return node.items.map((value, at) => ({ name: String(at), value }));
  return [];
}

interface ChildrenProps {
  readonly items: readonly Child[];
  readonly pointer: string;
  readonly onFilter: JsonTreeProps["onFilter"];
}

function Children({ items, pointer, onFilter }: ChildrenProps) {
  return (
    <ul className={styles.tree}>
      {items.map(({ name, value }) => (
        <Member key={name} name={name} value={value} pointer={pointerTo(pointer, name)} onFilter={onFilter} />
      ))}
    </ul>
  );
}

interface MemberProps extends Child {
  readonly pointer: string;
  readonly onFilter: JsonTreeProps["onFilter"];
}

function Member({ name, value, pointer, onFilter }: MemberProps) {
  const items = childrenOf(value);
  const [isOpen, setOpen] = useState(items.length <= OPEN_MAX);
  if (items.length === 0) {
    return (
      <li className={styles.line}>
        <span className={styles.name}>{name}</span>
        <Scalar node={value} />
        {onFilter !== undefined && isScalar(value) && (
          <button
            type="button"
            className={styles.filter}
            onClick={() => onFilter(pointer, value)}
            aria-label={`Only events whose ${pointer} is ${writeJson(value)}`}
            title={`Only events with this ${pointer}`}
          >
            <Filter aria-hidden="true" />
          </button>
        )}
      </li>
    );
  }
  return (
    <li>
      <button type="button" className={styles.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <ChevronRight aria-hidden="true" />
        <span className={styles.name}>{name}</span>
        <span className={styles.size}>{value.kind === "array" ? `[${items.length}]` : `{${items.length}}`}</span>
      </button>
      {isOpen && <Children items={items} pointer={pointer} onFilter={onFilter} />}
    </li>
  );
}

/** A value in the colour of its kind; an empty object or array as its brackets. */
export function Scalar({ node }: { node: JsonNode }) {
  return <span className={`${styles.value} ${styles[node.kind]}`}>{writeJson(node)}</span>;
}
