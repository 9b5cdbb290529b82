import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { CameraState } from "../../../plugins/camera/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Live } from "../live/live.ts";
import { SoundAlone } from "../live/sound_alone.tsx";
import type { Home } from "../model/home.ts";

/** Who speaks hears the door in a view without its picture, too. */
export function Listening({ home }: { home: Home }): JSX.Element | null {
  const camera = useValue(home).parts.find(({ kind }) => kind === "camera");
  const { phase } = useValue(home.talk);
  if (!camera || phase !== "on") return null;
  return <Heard home={home} camera={camera.state as unknown as CameraState} />;
}

function Heard({ home, camera }: { home: Home; camera: CameraState }): JSX.Element | null {
  // Nothing is seen that could be proved.
  const live = useMemo(() => new Live(home.api.client, false), [home]);
  const { media } = useValue(live);
  useEffect(() => {
    live.start(camera.definition);
    return () => live.stop();
  }, [live]);
  return media ? <SoundAlone media={media} /> : null;
}
