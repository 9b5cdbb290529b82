import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Area, CameraState } from "../../../plugins/camera/keys.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault } from "../../lib/ui/fields.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { AreasOverShot } from "../areas/areas_over_shot.tsx";
import { flipped } from "../areas/geometry.ts";
import { AREA_WORDS } from "../areas/words.ts";
import type { Home } from "../model/home.ts";
import { EncodeNotice } from "./encode_notice.tsx";

export interface PrivacyDialogProps {
  home: Home;
  camera: CameraState;
  onClose(): void;
}

/** What of the picture is black for everyone. */
export function PrivacyDialog({ home, camera, onClose }: PrivacyDialogProps): JSX.Element {
  // They are kept as the camera delivers its picture.
  const { flip } = camera.image;
  const [areas, setAreas] = useState<Area[]>();
  const [inForce, setInForce] = useState(0);
  const { asking, fault, ask } = useAsk();

  useEffect(() => {
    void ask(() => home.api.privacyAreas(), (found) => {
      setAreas(found);
      setInForce(found.length);
    });
  }, [home]);

  function save(): void {
    void ask(() => home.api.setPrivacyAreas(areas ?? []), ({ length }) => {
      say(
        length === 0 ? "Nothing is covered any more" : "The privacy areas are black from now on",
        "covered",
      );
      onClose();
    });
  }

  return (
    <Dialog title={AREA_WORDS.privacy.title} onClose={onClose}>
      <p class="soft">
        What you cover is black for everyone: in the live view, in snapshots, and in recordings made from now
        on. Older recordings stay as they are.
      </p>
      {camera.areasCost && <EncodeNotice when="With a privacy area" />}
      {areas && (
        <AreasOverShot
          home={home}
          camera={camera}
          kind="privacy"
          areas={areas.map((area) => flipped(area, flip))}
          onAreas={(seen) => setAreas(seen.map((area) => flipped(area, flip)))}
          hint={inForce > 0 ? "What is black in this picture stays so until you save." : ""}
        />
      )}
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onClose}>Cancel</button>
        <button type="button" class="button primary" disabled={asking || !areas} onClick={save}>
          {asking ? "One moment …" : "Save"}
        </button>
      </div>
    </Dialog>
  );
}
