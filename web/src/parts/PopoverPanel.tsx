import type { ReactNode, RefObject } from "react";
import { Dialog, Popover } from "react-aria-components";
import styles from "./PopoverPanel.module.css";

interface PopoverPanelProps {
  readonly label: string;
  readonly className: string | undefined;
  readonly button: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
  onClose(): void;
}

/** A panel that floats below a button until something else is pressed. */
export default function PopoverPanel({ label, className, button, children, onClose }: PopoverPanelProps) {
  return (
    <Popover
      className={styles.popover ?? ""}
      triggerRef={button}
      isOpen
      onOpenChange={onClose}
      placement="bottom start"
      offset={4}
    >
      <Dialog className={`${styles.dialog} ${className ?? ""}`} aria-label={label}>
        {children}
      </Dialog>
    </Popover>
  );
}
