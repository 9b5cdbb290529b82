/// <reference lib="dom" />
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Image } from "../../../plugins/camera/keys.ts";
import { Newest } from "../../lib/newest.ts";
import { useValue } from "../../lib/state.ts";
import { say } from "../../lib/ui/toast.tsx";
import type { Home } from "../model/home.ts";

export interface Look {
  /** As it was chosen here. */
  chosen: Image;
  /** As the panel makes the picture now. */
  inForce: Image;
  /** Whether what was chosen is on its way. */
  open: boolean;
  fault: string | undefined;
  /** At once, or once the hand rests. */
  choose(image: Image, when: "now" | "soon"): void;
  /** Sends again what did not arrive. */
  again(): void;
}

/** What the picture looks like, in force while it is being chosen. */
export function useLook(home: Home, kept: Image): Look {
  const [chosen, setChosen] = useState(kept);
  const [inForce, setInForce] = useState(kept);
  const newest = useMemo(() =>
    new Newest<Image>({
      send: async (image) => setInForce(await home.api.setImage(image)),
      lost: (fault) => say(fault, "warning"),
    }), [home]);
  const { open, fault } = useValue(newest);

  // Somebody else may change it, too.
  useEffect(() => {
    setInForce(kept);
    if (!newest.value.open) setChosen(kept);
  }, [JSON.stringify(kept)]);
  useEffect(() => {
    const changed = () => document.visibilityState === "hidden" && newest.flush();
    document.addEventListener("visibilitychange", changed);
    return () => {
      document.removeEventListener("visibilitychange", changed);
      newest.close();
    };
  }, [newest]);

  return {
    chosen,
    inForce,
    open,
    fault,
    choose(image, when) {
      setChosen(image);
      if (when === "now") newest.put(image, 0);
      else newest.put(image);
    },
    again: () => newest.flush(),
  };
}

interface Ref<T> {
  readonly current: T | null;
}

/** How the frame looks that is on the screen: what is in force comes with the first one that was received since. */
export function useShown(video: Ref<HTMLVideoElement>, inForce: Image): Image {
  const [shown, setShown] = useState(inForce);
  useEffect(() => {
    const element = video.current;
    if (!element || !("requestVideoFrameCallback" in element)) return setShown(inForce);
    const since = performance.now();
    let next = element.requestVideoFrameCallback(look);
    function look(_now: number, { receiveTime = Infinity }: VideoFrameCallbackMetadata): void {
      if (receiveTime > since) setShown(inForce);
      else next = element!.requestVideoFrameCallback(look);
    }
    return () => element.cancelVideoFrameCallback(next);
  }, [JSON.stringify(inForce)]);
  return shown;
}
