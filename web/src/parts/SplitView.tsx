import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import styles from "./SplitView.module.css";

const WIDTH_MIN = 320;
const WIDTH_FIRST = 460;
const STEP = 24;

interface SplitViewProps {
  readonly children: ReactNode;
  /** What opens at the right; on small screens it covers the page. */
  readonly detail: ReactNode | undefined;
}

/** A page with a detail beside it, whose width can be changed by dragging or with the arrow keys. */
export function SplitView({ children, detail }: SplitViewProps) {
  const [width, setWidth] = useState(WIDTH_FIRST);
  const view = useRef<HTMLDivElement>(null);
  const isOpen = detail !== undefined;
  const widthMax = () => Math.max(WIDTH_MIN, (view.current?.clientWidth ?? 0) - WIDTH_MIN);
  const resize = (wanted: number) => setWidth(Math.min(Math.max(wanted, WIDTH_MIN), widthMax()));
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    resize((view.current?.getBoundingClientRect().right ?? 0) - event.clientX);
  };
  const step = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") resize(width + STEP);
    if (event.key === "ArrowRight") resize(width - STEP);
  };
  return (
    <div ref={view} className={styles.view}>
      <div className={styles.main}>{children}</div>
      {isOpen && (
        <>
          <div
            role="separator"
            aria-label="Width of the detail"
            aria-orientation="vertical"
            aria-valuenow={width}
            aria-valuemin={WIDTH_MIN}
            tabIndex={0}
            className={styles.border}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag}
            onKeyDown={step}
          />
          <aside className={styles.detail} style={{ "--width": `${width}px` } as CSSProperties} aria-label="Detail">
            {detail}
          </aside>
        </>
      )}
    </div>
  );
}
