/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CameraState } from "../../../plugins/camera/keys.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { AreasKind } from "../model/api.ts";
import type { Home } from "../model/home.ts";
import { AreasDialog } from "./areas_dialog.tsx";
import { AREA_WORDS } from "./words.ts";

export interface AreasButtonsProps {
  home: Home;
  camera: CameraState;
  /** Whether there is room for words. */
  roomy: boolean;
}

/** Opens what an owner draws over the camera's picture. */
export function AreasButtons({ home, camera, roomy }: AreasButtonsProps): JSX.Element {
  const [open, setOpen] = useState<AreasKind>();
  const button = (kind: AreasKind, words: boolean) => {
    const { title, icon } = AREA_WORDS[kind];
    return (
      <button
        type="button"
        class={words ? "button plain" : "button icon-only plain"}
        aria-label={title}
        title={title}
        onClick={() => setOpen(kind)}
      >
        <Icon name={icon} size={22} />
        {words && title}
      </button>
    );
  };
  return (
    <div class="sight-acts">
      {camera.looksOut && button("zones", false)}
      {button("privacy", roomy)}
      {open && <AreasDialog home={home} kind={open} camera={camera} onClose={() => setOpen(undefined)} />}
    </div>
  );
}
