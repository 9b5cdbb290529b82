/// <reference lib="dom" />
import type { JSX } from "preact";
import type { Area, CameraState } from "../../../plugins/camera/keys.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";
import { AreasEditor } from "./areas_editor.tsx";
import { useShot } from "./use_shot.ts";
import type { AreasKind } from "./words.ts";

export interface AreasOverShotProps {
  home: Home;
  camera: CameraState;
  kind: AreasKind;
  /** As they are seen. */
  areas: Area[];
  onAreas(areas: Area[]): void;
  /** What else is to be known of the picture. */
  hint?: string;
}

/** Areas over a picture of the camera, which is taken anew when it is asked for. */
export function AreasOverShot(props: AreasOverShotProps): JSX.Element {
  const { home, camera, kind, areas, onAreas, hint = "" } = props;
  const shot = useShot(home, camera.definition, camera.image.flip);
  return (
    <AreasEditor
      kind={kind}
      areas={areas}
      ratio={shot.ratio}
      onAreas={onAreas}
      fault={shot.fault}
      hint={hint}
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
  );
}
