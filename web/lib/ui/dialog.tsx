/// <reference lib="dom" />
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icons.tsx";

export interface DialogProps {
  /** Another title is another step: the focus goes to its beginning, or to what has `data-first`. */
  title: string;
  /** Escape, the cross, or what the dialog itself closed by. */
  onClose(): void;
  children: ComponentChildren;
}

/** A modal dialog as long as it is drawn. The browser keeps the focus in it and gives it back. */
export function Dialog({ title, onClose, children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  // Before anything is painted, and undone before it is removed: a passive effect comes too late for both.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    return () => {
      // While it is open nothing else can have the focus.
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  useLayoutEffect(() => {
    const first = dialog.current?.querySelector<HTMLElement>("[data-first]");
    (first ?? heading.current)?.focus();
    dialog.current?.scrollTo(0, 0);
  }, [title]);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id} ref={heading} tabIndex={-1}>{title}</h2>
          <button type="button" class="button icon-only plain" aria-label="Close" onClick={onClose}>
            <Icon name="cross" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
