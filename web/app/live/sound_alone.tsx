/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { keptPercent } from "./hearing.tsx";

export interface SoundAloneProps {
  media: MediaStream;
  /** As loud as this; as was kept where there is none. */
  video?: { readonly current: HTMLVideoElement | null };
}

/** The panel is heard while there is no picture: a video plays nothing until there is one. */
export function SoundAlone({ media, video }: SoundAloneProps): JSX.Element {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (audio.current) audio.current.srcObject = media;
  }, [media]);
  useEffect(() => {
    const from = video?.current;
    const follow = () => {
      if (audio.current) audio.current.volume = from?.volume ?? keptPercent() / 100;
    };
    follow();
    from?.addEventListener("volumechange", follow);
    return () => from?.removeEventListener("volumechange", follow);
  }, [video]);
  return <audio ref={audio} autoPlay />;
}
