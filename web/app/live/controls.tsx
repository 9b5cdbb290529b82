/// <reference lib="dom" />
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Definition } from "../../../plugins/camera/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { Icon, type IconName } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import type { Live } from "./live.ts";
import { savePicture } from "./picture.ts";

const NAMES: Record<Definition, string> = { "quad-hd": "Quad HD", "full-hd": "Full HD", "hd": "HD" };

interface Ref<T> {
  readonly current: T | null;
}

export interface ControlsProps {
  /** What fills the screen. */
  frame: Ref<HTMLElement>;
  video: Ref<HTMLVideoElement>;
  live: Live;
  playing: boolean;
  definitions: Definition[];
  definition: Definition;
  muted: boolean;
  onMuted(muted: boolean): void;
  /** Undefined where nothing can be recorded from here. */
  record: { on: boolean; set(on: boolean): Promise<void> } | undefined;
}

/** What can be done with the picture that is shown. */
export function Controls(props: ControlsProps): JSX.Element {
  const { frame, video, live, playing, definitions, definition, muted, onMuted, record } = props;
  const id = useId();
  const canFloat = document.pictureInPictureEnabled === true;
  return (
    <div class="sight-acts">
      <label class="quiet" for={id}>Definition</label>
      <select
        id={id}
        class="sight-definition"
        value={definition}
        onChange={(event) => void live.choose(event.currentTarget.value as Definition)}
      >
        {definitions.map((each) => <option key={each} value={each}>{NAMES[each]}</option>)}
      </select>
      <Act
        icon={muted ? "muted" : "sound"}
        label={muted ? "Sound on" : "Sound off"}
        act={() => onMuted(!muted)}
      />
      <Act
        icon="camera"
        label="Save picture"
        disabled={!playing}
        act={() => video.current && savePicture(video.current)}
      />
      {record && (
        <Act
          icon={record.on ? "recording" : "record"}
          label={record.on ? "Stop recording" : "Record"}
          act={() => record.set(!record.on)}
        />
      )}
      {canFloat && <Act icon="popup" label="Float" disabled={!playing} act={() => float(video.current)} />}
      <Act icon="full-screen" label="Full screen" act={() => fill(frame.current, video.current)} />
    </div>
  );
}

interface ActProps {
  icon: IconName;
  label: string;
  disabled?: boolean;
  act(): unknown;
}

function Act({ icon, label, disabled = false, act }: ActProps): JSX.Element {
  async function run(): Promise<void> {
    try {
      await act();
    } catch (error) {
      say(messageOf(error), "warning");
    }
  }
  return (
    <button
      type="button"
      class="button icon-only plain"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={() => void run()}
    >
      <Icon name={icon} size={22} />
    </button>
  );
}

/** Above all other windows, and back. */
async function float(video: HTMLVideoElement | null): Promise<void> {
  if (document.pictureInPictureElement) await document.exitPictureInPicture();
  else await video?.requestPictureInPicture();
}

/** An iPhone fills its screen with a video only. */
async function fill(frame: HTMLElement | null, video: HTMLVideoElement | null): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else if (frame && "requestFullscreen" in frame) await frame.requestFullscreen();
  else (video as { webkitEnterFullscreen?(): void } | null)?.webkitEnterFullscreen?.();
}
