/// <reference lib="dom" />
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";

export interface ShareProps {
  /** What a screen reader calls the text. */
  label: string;
  text: string;
  /** What the other side reads beside it. */
  title: string;
}

/** A text to copy, or to hand to another app where the device can. */
export function Share({ label, text, title }: ShareProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [done, setDone] = useState<"copied" | "selected">();

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setDone("copied");
    } catch {
      // No clipboard on plain HTTP, or it was not allowed: it is selected, ready for the keys.
      field.current?.select();
      setDone("selected");
    }
  }

  async function share(): Promise<void> {
    try {
      await navigator.share({ title, url: text });
    } catch {
      // Whoever closes the sheet has changed their mind.
    }
  }

  return (
    <div class="share">
      <input
        ref={field}
        class="input"
        readOnly
        aria-label={label}
        value={text}
        onFocus={() => field.current?.select()}
      />
      <div class="share-acts">
        <button type="button" class="button" onClick={() => void copy()}>
          <Icon name={done === "copied" ? "check" : "copy"} size={20} />
          {done === undefined ? "Copy" : done === "copied" ? "Copied" : "Selected: copy it"}
        </button>
        {"share" in navigator && (
          <button type="button" class="button" onClick={() => void share()}>
            <Icon name="share" size={20} /> Share
          </button>
        )}
      </div>
      <p class="quiet" role="status">{done === "copied" ? `${label} copied` : ""}</p>
    </div>
  );
}
