/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Clip } from "../../../plugins/recorder/keys.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import { clipText } from "../../lib/words/recordings.ts";
import { durationText, momentText, timeText } from "../../lib/words/times.ts";
import type { Shelf } from "./shelf.ts";

export interface ClipTileProps {
  shelf: Shelf;
  clip: Clip;
  /** It can't be watched without the password. */
  locked: boolean;
  onShow(): void;
}

/** One recording in the list. */
export function ClipTile({ shelf, clip, locked, onShow }: ClipTileProps): JSX.Element {
  const { id, startedAt, ms } = clip;
  const [picture, setPicture] = useState<string>();
  useEffect(() => {
    let gone = false;
    setPicture(undefined);
    if (!locked) {
      shelf.link(`/clips/${id}/thumbnail`).then((url) => gone || setPicture(url), () => {});
    }
    return () => void (gone = true);
  }, [shelf, id, locked, ms === null]);
  return (
    <li>
      <button
        type="button"
        class="clip"
        aria-haspopup="dialog"
        disabled={ms === null}
        title={momentText(startedAt)}
        onClick={onShow}
      >
        <span class="clip-picture">
          <Icon name={locked ? "lock" : "play"} size={28} />
          {picture !== undefined && (
            <img
              src={picture}
              alt=""
              loading="lazy"
              onError={() => setPicture(undefined)}
            />
          )}
          <span class={`clip-length ${ms === null ? "is-running" : ""}`}>
            {ms === null ? "Recording" : durationText(ms)}
          </span>
        </span>
        <span class="clip-text">
          <span>{clipText(clip)}</span>
          <span class="clip-time">
            {clip.protected && <Icon name="shield" size={16} />}
            <time dateTime={new Date(startedAt).toISOString()}>{timeText(startedAt)}</time>
          </span>
        </span>
      </button>
    </li>
  );
}
