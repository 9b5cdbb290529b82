/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Area, CameraState } from "../../../plugins/camera/keys.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import type { AreasKind } from "../model/api.ts";
import type { Home } from "../model/home.ts";
import { AreasEditor } from "./areas_editor.tsx";
import { flipped } from "./geometry.ts";
import { useShot } from "./use_shot.ts";
import { AREA_WORDS } from "./words.ts";

export interface AreasDialogProps {
  home: Home;
  kind: AreasKind;
  camera: CameraState;
  onClose(): void;
}

/** What of the picture is black for everyone, or where something has to move. */
export function AreasDialog({ home, kind, camera, onClose }: AreasDialogProps): JSX.Element {
  const { title, text, icon, saved, emptied } = AREA_WORDS[kind];
  const isPrivacy = kind === "privacy";
  // Privacy areas are kept as the camera delivers its picture, zones as it is seen.
  const flip = isPrivacy ? camera.image.flip : "none";
  const [areas, setAreas] = useState<Area[]>();
  const [inForce, setInForce] = useState(0);
  const { asking, fault, ask } = useAsk();
  const shot = useShot(home, camera.definition, camera.image.flip);

  useEffect(() => {
    void ask(() => home.api.areas(kind), (found) => {
      setAreas(found);
      setInForce(found.length);
    });
  }, [home, kind]);

  function save(): void {
    void ask(() => home.api.setAreas(kind, areas ?? []), ({ length }) => {
      say(length === 0 ? emptied : saved, icon);
      onClose();
    });
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <p class="soft">{text}</p>
      {isPrivacy && camera.areasCost && (
        <p class="notice">
          <Icon name="warning" />
          <span>
            This camera compresses its picture itself. With a privacy area the panel does it anew, which keeps
            its processor busy.
          </span>
        </p>
      )}
      {areas && (
        <AreasEditor
          kind={kind}
          areas={areas.map((area) => flipped(area, flip))}
          ratio={shot.ratio}
          onAreas={(seen) => setAreas(seen.map((area) => flipped(area, flip)))}
          fault={shot.fault}
          hint={isPrivacy && inForce > 0 ? "What is black in this picture stays so until you save." : ""}
          acts={
            <button type="button" class="button plain" onClick={shot.again}>
              <Icon name="camera" size={20} /> New picture
            </button>
          }
        >
          {shot.url !== undefined && (
            <img
              src={shot.url}
              alt=""
              draggable={false}
              onLoad={(event) => shot.loaded(event.currentTarget)}
              onError={shot.failed}
            />
          )}
        </AreasEditor>
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
