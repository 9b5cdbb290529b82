/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "./icons.tsx";

export interface FileDropProps {
  /** What to do, and what may be brought. */
  text: string;
  hint: string;
  /** What it is called for who can't see it. */
  label: string;
  accept: string;
  disabled?: boolean;
  /** A dialog begins with it. */
  first?: boolean;
  /** It is not alone, and so is lower. */
  small?: boolean;
  onFile(file: File): void;
}

/** Takes a file that is chosen, or dropped here. */
export function FileDrop(props: FileDropProps): JSX.Element {
  const { text, hint, label, accept, disabled = false, first = false, small = false, onFile } = props;
  const [over, setOver] = useState(false);
  const take = (file: File | undefined) => {
    if (file && !disabled) onFile(file);
  };
  return (
    <label
      class={`drop ${small ? "is-small" : ""} ${over ? "is-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files[0]);
      }}
    >
      <Icon name="box" />
      <span class="drop-name">{text}</span>
      <span class="hint">{hint}</span>
      <input
        type="file"
        aria-label={label}
        accept={accept}
        disabled={disabled}
        {...(first ? { "data-first": true } : {})}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          // So that the same file, mended, can be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}
