import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { Button, type ButtonProps } from "./Button";

const PopoverPanel = lazy(() => import("./PopoverPanel"));

interface PopoverButtonProps extends Omit<ButtonProps, "children"> {
  /** What the panel is called; the button says what it shows. */
  readonly label: string;
  readonly panelClassName?: string | undefined;
  /** What stands on the button. */
  readonly children: ReactNode;
  /** What stands in the panel; it may close it. */
  panel(close: () => void): ReactNode;
}

/** A button that opens a small panel below it. What makes panels float is fetched when the first one is opened. */
export function PopoverButton({ label, panelClassName, panel, ...button }: PopoverButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const element = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  return (
    <>
      <Button {...button} ref={element} aria-haspopup="dialog" aria-expanded={isOpen} onPress={() => setOpen(true)} />
      {isOpen && (
        <Suspense>
          <PopoverPanel label={label} className={panelClassName} button={element} onClose={close}>
            {panel(close)}
          </PopoverPanel>
        </Suspense>
      )}
    </>
  );
}
