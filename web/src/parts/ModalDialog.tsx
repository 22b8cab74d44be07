import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./Button";
import styles from "./ModalDialog.module.css";

interface ModalDialogProps {
  readonly title: string;
  onClose(): void;
  readonly children: ReactNode;
}

/** A dialog above the page, open for as long as it stands. */
export function ModalDialog({ title, onClose, children }: ModalDialogProps) {
  return (
    <ModalOverlay className={styles.veil ?? ""} isOpen onOpenChange={onClose} isDismissable>
      <Modal className={styles.modal ?? ""}>
        <Dialog className={styles.dialog ?? ""}>
          <header className={styles.head}>
            <Heading slot="title">{title}</Heading>
            <Button look="plain" slot="close" aria-label="Close">
              <X />
            </Button>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
