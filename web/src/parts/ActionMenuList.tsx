import type { RefObject } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";
import type { Action } from "./ActionMenu";
import styles from "./ActionMenu.module.css";

interface ActionMenuListProps {
  readonly label: string;
  readonly actions: readonly Action[];
  readonly button: RefObject<HTMLElement | null>;
  onClose(): void;
}

/** The open list of a menu. It stands in a part of its own, fetched when the first menu is opened. */
export default function ActionMenuList({ label, actions, button, onClose }: ActionMenuListProps) {
  return (
    <Popover
      className={styles.popover ?? ""}
      triggerRef={button}
      isOpen
      onOpenChange={onClose}
      placement="bottom start"
      offset={4}
    >
      <Menu
        aria-label={label}
        className={styles.menu ?? ""}
        autoFocus="first"
        onClose={onClose}
        onAction={(id) => actions.find((action) => action.id === id)?.run()}
      >
        {actions.map((action) => (
          <MenuItem key={action.id} id={action.id} textValue={action.label} className={styles.item ?? ""}>
            {action.icon}
            <span className={styles.label}>{action.label}</span>
            {action.note !== undefined && <span className={styles.note}>{action.note}</span>}
            {action.isChosen === true && (
              <>
                <span className={styles.chosen} aria-hidden="true" />
                <span className="unseen">chosen</span>
              </>
            )}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
