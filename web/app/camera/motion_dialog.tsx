import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { CameraState, MotionSettings } from "../../../plugins/camera/keys.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Switch } from "../../lib/ui/fields.tsx";
import { Slider } from "../../lib/ui/slider.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { AreasOverShot } from "../areas/areas_over_shot.tsx";
import type { Home } from "../model/home.ts";

export interface MotionDialogProps {
  home: Home;
  camera: CameraState;
  onClose(): void;
}

/** Whether motion is looked for, how closely and where. */
export function MotionDialog({ home, camera, onClose }: MotionDialogProps): JSX.Element {
  const id = useId();
  const [wish, setWish] = useState<MotionSettings>();
  const { asking, fault, ask } = useAsk();
  const change = (change: Partial<MotionSettings>) => setWish((wish) => wish && { ...wish, ...change });

  useEffect(() => void ask(() => home.api.motion(), setWish), [home]);

  function save(wish: MotionSettings): void {
    void ask(() => home.api.setMotion(wish), ({ enabled }) => {
      say(enabled ? "Motion is looked for from now on" : "Motion is not looked for any more", "zones");
      onClose();
    });
  }

  return (
    <Dialog title="Motion" onClose={onClose}>
      <div class={wish?.enabled ? "motion is-on" : "motion"}>
        <p class="soft motion-text">
          What moves in front of the door is recorded, where there is a memory card, and told to the home,
          such as to Home Assistant. No picture leaves the panel for it.
        </p>
        {wish && (
          <div class="motion-wishes">
            <div class="motion-wish">
              <Switch
                label="Look for motion"
                on={wish.enabled}
                describedBy={`${id}-cost`}
                onChange={(enabled) => change({ enabled })}
              />
              <p id={`${id}-cost`} class="hint">
                For this the camera runs all the time, day and night: that takes power, and some of the
                panel’s processor.
              </p>
            </div>
            {wish.enabled && (
              <div class="motion-wish">
                <Slider
                  label="Sensitivity"
                  value={wish.sensitivity}
                  least={1}
                  step={1}
                  onDraw={(sensitivity) => change({ sensitivity })}
                />
                <p class="hint">
                  Higher, and what is small or faint counts too, such as a cat, or leaves in the wind.
                </p>
              </div>
            )}
          </div>
        )}
        {wish?.enabled && (
          <section class="motion-zones" aria-labelledby={`${id}-zones`}>
            <h3 id={`${id}-zones`}>Zones</h3>
            <p class="soft">
              Draw where something has to move to count: the path, not the road. Without a zone it counts
              anywhere. What a privacy area covers is never seen.
            </p>
            <AreasOverShot
              home={home}
              camera={camera}
              kind="zones"
              areas={wish.zones}
              onAreas={(zones) => change({ zones })}
            />
          </section>
        )}
      </div>
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onClose}>Cancel</button>
        <button
          type="button"
          class="button primary"
          disabled={asking || !wish}
          onClick={() => wish && save(wish)}
        >
          {asking ? "One moment …" : "Save"}
        </button>
      </div>
    </Dialog>
  );
}
