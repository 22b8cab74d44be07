import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { Button, type ButtonProps } from "./Button";

const ActionMenuList = lazy(() => import("./ActionMenuList"));

export interface Action {
  readonly id: string;
  readonly label: string;
  /** What is said in small letters behind the label. */
  readonly note?: ReactNode;
  readonly icon?: ReactNode;
  /** Whether it is what is chosen at present. */
  readonly isChosen?: boolean;
  run(): void;
}

interface ActionMenuProps extends ButtonProps {
  /** What the menu is called; the button says what it shows. */
  readonly label: string;
  readonly actions: readonly Action[];
}

/** A button that opens a menu of things to do or to choose from. */
export function ActionMenu({ label, actions, ...button }: ActionMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const element = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button
        {...button}
        ref={element}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onPress={() => setOpen(true)}
        onKeyDown={(event) => event.key === "ArrowDown" && setOpen(true)}
      />
      {isOpen && (
        <Suspense>
          <ActionMenuList label={label} actions={actions} button={element} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
