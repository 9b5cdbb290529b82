/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CameraState } from "../../../plugins/camera/keys.ts";
import { Icon, type IconName } from "../../lib/ui/icons.tsx";
import { PrivacyDialog } from "./privacy_dialog.tsx";
import type { Live } from "../live/live.ts";
import type { Home } from "../model/home.ts";
import { MotionDialog } from "./motion_dialog.tsx";
import { PictureDialog } from "./picture_dialog.tsx";

const ACTS = [
  { id: "picture", label: "Picture", word: "Picture", icon: "contrast" },
  { id: "motion", label: "Motion", word: "Motion", icon: "zones" },
  { id: "privacy", label: "Privacy areas", word: "Privacy", icon: "covered" },
] as const satisfies readonly { id: string; label: string; word: string; icon: IconName }[];

type Act = (typeof ACTS)[number]["id"];

export interface CameraButtonsProps {
  home: Home;
  camera: CameraState;
  live: Live;
  /** Whether there is room for words. */
  roomy: boolean;
}

/** Opens what an owner may change of the camera. */
export function CameraButtons({ home, camera, live, roomy }: CameraButtonsProps): JSX.Element {
  const [open, setOpen] = useState<Act>();
  const onClose = () => setOpen(undefined);
  return (
    <div class={roomy ? "sight-acts camera-acts" : "sight-acts"}>
      {ACTS.map(({ id, label, word, icon }) => (
        <button
          key={id}
          type="button"
          class={roomy ? "button plain" : "button icon-only plain"}
          aria-haspopup="dialog"
          aria-label={label}
          title={label}
          onClick={() => setOpen(id)}
        >
          <Icon name={icon} size={22} />
          {roomy && word}
        </button>
      ))}
      {open === "picture" && <PictureDialog home={home} camera={camera} live={live} onClose={onClose} />}
      {open === "motion" && <MotionDialog home={home} camera={camera} onClose={onClose} />}
      {open === "privacy" && <PrivacyDialog home={home} camera={camera} onClose={onClose} />}
    </div>
  );
}
