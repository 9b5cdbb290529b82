/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../lib/ui/icons.tsx";

export interface FileDropProps {
  /** It is the only way to bring a sound. */
  alone: boolean;
  onFile(file: File): void;
}

/** Takes a file with sound. */
export function FileDrop({ alone, onFile }: FileDropProps): JSX.Element {
  const [over, setOver] = useState(false);
  return (
    <label
      class={over ? "drop drop-sound is-over" : "drop drop-sound"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer?.files[0];
        if (file) onFile(file);
      }}
    >
      <Icon name="box" />
      <span class="drop-name">{alone ? "Choose a file" : "Or choose a file"}, or drop it here</span>
      <span class="hint">
        MP3, M4A, WAV, FLAC, Ogg or WebM, 2 MiB at most. Only its first 30 seconds are played.
      </span>
      <input
        type="file"
        aria-label="A file with sound"
        accept="audio/*,.mp3,.m4a,.wav,.flac,.ogg,.opus,.webm"
        {...(alone ? { "data-first": true } : {})}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
          // So that the same file, mended, can be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}
