/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CameraState, Image } from "../../../plugins/camera/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Switch } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { Slider } from "../../lib/ui/slider.tsx";
import type { Live } from "../live/live.ts";
import type { Home } from "../model/home.ts";
import { EncodeNotice } from "./encode_notice.tsx";
import { FlipChoice } from "./flip_choice.tsx";
import { previewOf } from "./preview.ts";
import { useLook, useShown } from "./use_look.ts";

export interface PictureDialogProps {
  home: Home;
  camera: CameraState;
  live: Live;
  onClose(): void;
}

/** What the camera's picture looks like, chosen while one looks at it. */
export function PictureDialog({ home, camera, live, onClose }: PictureDialogProps): JSX.Element {
  const id = useId();
  const video = useRef<HTMLVideoElement>(null);
  const [before] = useState(camera.image);
  const { chosen, inForce, open, fault, choose, again } = useLook(home, camera.image);
  const shown = useShown(video, inForce);
  const { phase, why, media } = useValue(live);
  const trouble = phase === "playing" ? "" : why || camera.fault;
  const isChanged = JSON.stringify(chosen) !== JSON.stringify(before);
  const change = (change: Partial<Image>, when: "now" | "soon") => choose({ ...chosen, ...change }, when);

  useEffect(() => {
    if (live.value.phase !== "off") return;
    live.start(camera.definition);
    // Who rang meanwhile is looked at.
    return () => void (home.value.call || live.stop());
  }, [live]);
  useEffect(() => {
    if (video.current) video.current.srcObject = media ?? null;
  }, [media]);

  return (
    <Dialog title="Picture" onClose={onClose}>
      {camera.imageCosts && <EncodeNotice when="Where you change it" />}
      <div class="look">
        <p class="soft look-text">
          Everyone sees at once what you change, live and in new recordings.
        </p>
        <div class="look-sight">
          <div class="sight-frame look-frame" data-phase={phase}>
            <video
              ref={video}
              class="sight-picture"
              autoPlay
              playsInline
              muted
              aria-label="Live picture as it is chosen"
              style={{ ...previewOf(shown, chosen) }}
              onPlaying={() => live.playing()}
            />
            {phase !== "playing" && (
              <p class={trouble ? "sight-note is-fault" : "sight-note"} role={trouble ? "alert" : undefined}>
                {trouble && <Icon name="no-camera" size={24} />}
                {trouble || "One moment …"}
              </p>
            )}
          </div>
          {fault !== undefined && (
            <div class="look-fault">
              <Fault text={`It is not changed. ${fault}`} />
              <button type="button" class="button" onClick={again}>Try again</button>
            </div>
          )}
        </div>
        <div class="look-acts">
          <div class="look-sliders">
            <Slider
              label="Brightness"
              value={chosen.brightness}
              least={-100}
              step={1}
              onDraw={(brightness) => change({ brightness }, "soon")}
            />
            <Slider
              label="Contrast"
              value={chosen.contrast}
              least={-100}
              step={1}
              onDraw={(contrast) => change({ contrast }, "soon")}
            />
          </div>
          <FlipChoice flip={chosen.flip} onFlip={(flip) => change({ flip }, "now")} />
          <div class="look-night">
            <Switch
              label="Night"
              on={chosen.night}
              describedBy={`${id}-night`}
              onChange={(night) => change({ night }, "now")}
            />
            <p id={`${id}-night`} class="hint">
              Without colours, and what is dark is lighter. It stays on until you switch it off.
            </p>
          </div>
        </div>
      </div>
      <div class="dialog-foot look-foot">
        <p class="hint" role="status">{wordOf(open, fault !== undefined, isChanged)}</p>
        <button
          type="button"
          class="button plain"
          disabled={!isChanged}
          onClick={() => choose(before, "now")}
        >
          As it was
        </button>
        <button type="button" class="button primary" onClick={onClose}>Done</button>
      </div>
    </Dialog>
  );
}

function wordOf(open: boolean, failed: boolean, isChanged: boolean): string {
  if (failed) return "";
  if (open) return "Changing …";
  return isChanged ? "In force for everyone" : "";
}
