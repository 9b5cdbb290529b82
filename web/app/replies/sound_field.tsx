/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { FileDrop } from "../../lib/ui/file_drop.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { clockText } from "../../lib/words/replies.ts";
import { LONGEST_MS } from "./limits.ts";
import { Microphone, whyNotRecord } from "./microphone.ts";
import type { Player } from "./player.ts";
import type { Take } from "./take.ts";
import { useShare } from "./use_share.ts";
import { Wave } from "./wave.tsx";

const KEY = "take";

export interface SoundFieldProps {
  player: Player;
  take: Take | undefined;
  fault: string | undefined;
  /** What was recorded. */
  onRecorded(sound: Blob): Promise<void>;
  onFile(file: File): void;
  /** It is begun again. */
  onDrop(): void;
}

/** Records a sound or takes a file; what there is can be heard before it is kept. */
export function SoundField(
  { player, take, fault, onRecorded, onFile, onDrop }: SoundFieldProps,
): JSX.Element {
  const recorded = useRef(onRecorded);
  recorded.current = onRecorded;
  const microphone = useMemo(() => new Microphone((sound) => recorded.current(sound)), []);
  const { phase, ms, levels, fault: refused } = useValue(microphone);
  const { heard } = useValue(player);
  const done = useShare(heard);
  const main = useRef<HTMLButtonElement>(null);
  const id = useId();
  const missing = whyNotRecord();
  useEffect(() => () => microphone.close(), [microphone]);
  useEffect(() => {
    // What had the focus, a file's field or what begins again, is gone.
    if (document.activeElement === document.body) main.current?.focus();
  }, [take]);

  const on = phase === "on" && !take;
  const sound = take?.sound;
  const wrong = fault ?? refused ?? (take ? undefined : missing);
  return (
    <fieldset class="group sound-field" aria-describedby={`${id}-fault`}>
      <legend>Sound</legend>
      {(take ?? !missing) && (
        <div class={on ? "take is-on" : "take"}>
          <Wave levels={take?.levels ?? levels} done={heard?.key === KEY ? done : 0} />
          <p class="take-time">
            {take
              ? (sound ? clockText(sound.duration * 1_000) : "Can’t be heard in this browser")
              : `${clockText(ms)} of ${clockText(LONGEST_MS)}`}
          </p>
          <div class="take-foot">
            {take
              ? (
                <button
                  type="button"
                  ref={main}
                  class="button"
                  disabled={!sound}
                  onClick={() => heard ? player.stop() : sound && void player.play(KEY, sound)}
                >
                  <Icon name={heard ? "recording" : "play"} size={20} /> {heard ? "Stop" : "Hear it"}
                </button>
              )
              : (
                <button
                  type="button"
                  ref={main}
                  class={on ? "button danger" : "button primary"}
                  data-first
                  onClick={() => on ? microphone.stop() : void microphone.start()}
                >
                  <Icon name={on ? "recording" : "record"} size={20} /> {on ? "Stop recording" : "Record"}
                </button>
              )}
            {take && (
              <button type="button" class="button plain" onClick={onDrop}>
                Begin again
              </button>
            )}
          </div>
        </div>
      )}
      {!take && !on && (
        <FileDrop
          text={`${missing === undefined ? "Or choose a file" : "Choose a file"}, or drop it here`}
          hint="MP3, M4A, WAV, FLAC, Ogg or WebM, 2 MiB at most. Only its first 30 seconds are played."
          label="A file with sound"
          accept="audio/*,.mp3,.m4a,.wav,.flac,.ogg,.opus,.webm"
          first={missing !== undefined}
          small
          onFile={onFile}
        />
      )}
      <p class="quiet" role="status">{on ? "It is being recorded" : take ? "This is the sound" : ""}</p>
      <div id={`${id}-fault`}>{wrong !== undefined && <Fault text={wrong} />}</div>
    </fieldset>
  );
}
