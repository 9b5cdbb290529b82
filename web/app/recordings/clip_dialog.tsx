/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Clip } from "../../../plugins/recorder/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { bytesText, clipText } from "../../lib/words/recordings.ts";
import { momentText } from "../../lib/words/times.ts";
import type { Home } from "../model/home.ts";
import { Revoke } from "../people/revoke.tsx";
import type { Shelf } from "./shelf.ts";

export interface ClipDialogProps {
  home: Home;
  shelf: Shelf;
  clip: Clip;
  onClose(): void;
}

/** Plays a recording; saves, protects and deletes it. */
export function ClipDialog({ home, shelf, clip, onClose }: ClipDialogProps): JSX.Element {
  const { may } = useValue(home);
  const [deleting, setDeleting] = useState(false);
  const { asking, fault, ask } = useAsk();
  if (deleting) {
    return (
      <Dialog title="Delete this recording?" onClose={() => setDeleting(false)}>
        <Revoke
          text="It can’t be had again."
          act="Delete it"
          work={() => shelf.delete(clip)}
          onKeep={() => setDeleting(false)}
          onDone={() => {
            say("The recording was deleted", "trash");
            onClose();
          }}
        />
      </Dialog>
    );
  }

  function save(): void {
    void ask(() => shelf.link(`/clips/${clip.id}/video`), (url) => {
      const link = document.createElement("a");
      link.href = `${url}&save=clear`;
      link.click();
    });
  }

  return (
    <Dialog title={clipText(clip)} onClose={onClose}>
      <Player shelf={shelf} clip={clip} />
      <p class="hint">
        {momentText(clip.startedAt)} · {bytesText(clip.bytes)}
        {clip.sealed ? " · encrypted on the card" : ""}
        {clip.protected ? " · stays until somebody deletes it" : ""}
      </p>
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        {may.owner && (
          <button type="button" class="button warn" onClick={() => setDeleting(true)}>
            <Icon name="trash" size={20} /> Delete
          </button>
        )}
        {may.resident && (
          <button
            type="button"
            class="button"
            disabled={asking}
            aria-pressed={clip.protected}
            onClick={() => void ask(() => shelf.protect(clip, !clip.protected), () => {})}
          >
            <Icon name="shield" size={20} /> {clip.protected ? "Protected" : "Protect"}
          </button>
        )}
        <button type="button" class="button" disabled={asking} onClick={save}>
          <Icon name="download" size={20} /> Save
        </button>
      </div>
    </Dialog>
  );
}

/** A link is good for a minute: where the player asks for more later on, it gets another one and goes on. */
function Player({ shelf, clip }: { shelf: Shelf; clip: Clip }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [fault, setFault] = useState<string>();
  /** Where it stood when a link was over; the same place twice is no matter of links. */
  const stood = useRef<number | undefined>(undefined);

  async function begin(at: number): Promise<void> {
    try {
      const url = await shelf.link(`/clips/${clip.id}/video`);
      const element = video.current;
      if (!element) return;
      element.src = url;
      element.currentTime = at;
      await element.play().catch(() => {});
    } catch (error) {
      setFault(messageOf(error));
    }
  }

  function failed(): void {
    const at = video.current?.currentTime ?? 0;
    if (stood.current === at) {
      return setFault("This browser can’t play the recording. Save it to watch it elsewhere.");
    }
    stood.current = at;
    void begin(at);
  }

  useEffect(() => void begin(0), [clip.id]);
  return (
    <>
      <video ref={video} class="clip-player" controls playsInline onError={failed} aria-label="Recording" />
      {fault !== undefined && <Fault text={fault} />}
    </>
  );
}
