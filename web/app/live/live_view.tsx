/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CameraState, Definition } from "../../../plugins/camera/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import { CameraButtons } from "../camera/camera_buttons.tsx";
import type { PartView } from "../model/api.ts";
import type { Home } from "../model/home.ts";
import { Controls, type ControlsProps } from "./controls.tsx";
import { Hearing } from "./hearing.tsx";
import { Live } from "./live.ts";
import { followPresented } from "./presented.ts";
import { SoundAlone } from "./sound_alone.tsx";

/** Out of sight for so long, it is not watched any more, ms. */
const HIDDEN_MS = 10_000;

/** What the camera at the door sees; it begins by itself when somebody rings. */
export function LiveView({ home }: { home: Home }): JSX.Element | null {
  const { parts } = useValue(home);
  const camera = parts.find(({ kind }) => kind === "camera");
  return camera ? <CameraView home={home} part={camera} /> : null;
}

function CameraView({ home, part }: { home: Home; part: PartView }): JSX.Element {
  const { call, may, parts } = useValue(home);
  const live = useMemo(() => new Live(home.api.client, may.releasesWatching), [home, may]);
  const { phase, why, definition, media } = useValue(live);
  const frame = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [muted, setMuted] = useState(true);
  const state = part.state as unknown as CameraState;
  const ringing = call?.state === "ringing";
  const talking = useValue(home.talk).phase === "on";
  const usual = definition && state.definitions.includes(definition) ? definition : state.definition;

  useEffect(() => () => live.stop(), [live]);
  useEffect(() => {
    if (ringing) live.start(usual);
  }, [ringing]);
  useEffect(() => {
    if (!talking) return;
    // Who speaks wants to hear the answer.
    live.start(usual);
    setMuted(false);
  }, [talking]);
  useEffect(() => {
    if (state.fault === "") live.hurry();
  }, [state.fault]);
  useEffect(() => {
    if (video.current) video.current.srcObject = media ?? null;
    if (!media || !video.current || !may.releasesWatching) return;
    return followPresented(video.current, (rtpTime) => live.presented(rtpTime));
  }, [media, may]);
  useRestOutOfSight(live, () => talking || document.pictureInPictureElement === video.current);

  const wanted = phase !== "off";
  const fault = phase === "playing" ? "" : why || state.fault;
  return (
    <section class="card sight" data-in="home" aria-labelledby="sight-name">
      <div class="sight-frame" ref={frame} data-phase={phase}>
        <video
          ref={video}
          class="sight-picture"
          autoPlay
          playsInline
          muted={muted}
          aria-label={`Live picture: ${part.name}`}
          onPlaying={() => live.playing()}
          onResize={() => live.playing()}
        />
        {media && phase !== "playing" && !muted && <SoundAlone media={media} video={video} />}
        {!wanted && (
          <button type="button" class="sight-start" onClick={() => live.start(usual)}>
            <Icon name="play" size={40} />
            Watch live
          </button>
        )}
        {wanted && (
          <button
            type="button"
            class="sight-stop"
            aria-label="Stop watching"
            onClick={() => live.stop()}
          >
            <Icon name="cross" size={22} />
          </button>
        )}
        {wanted && phase !== "playing" && !fault && <p class="sight-note">One moment …</p>}
        {fault && (
          <p class="sight-note is-fault" role="alert">
            <Icon name="no-camera" size={24} />
            <Fault text={fault} />
          </p>
        )}
      </div>
      <div class="sight-foot">
        <h2 id="sight-name">{part.name}</h2>
        {may.owner && <CameraButtons home={home} camera={state} live={live} roomy={!wanted} />}
        {wanted && (
          <Controls
            frame={frame}
            video={video}
            live={live}
            playing={phase === "playing"}
            definitions={state.definitions as Definition[]}
            definition={usual}
            muted={muted}
            onMuted={setMuted}
            record={recordOf(home, parts, may.resident)}
          />
        )}
        {wanted && !muted && <Hearing video={video} />}
      </div>
    </section>
  );
}

/** Recording by hand, where there is a card for it. */
function recordOf(home: Home, parts: readonly PartView[], may: boolean): ControlsProps["record"] {
  const state = parts.find(({ id }) => id === "recorder")?.state;
  if (!may || state?.["card"] !== "normal") return undefined;
  const path = "/plugins/recorder/recording";
  const { client } = home.api;
  return { on: state["byHand"] === true, set: (on) => on ? client.post(path) : client.delete(path) };
}

/** What keeps the picture away; a command in it is taken with one press. */
function Fault({ text }: { text: string }): JSX.Element {
  const [, before = text, command] = /^(.*with: )(.+)$/.exec(text) ?? [];
  return <span>{before}{command !== undefined && <code>{command}</code>}</span>;
}

/** Nobody looks at a page that is out of sight, unless its picture floats above the others, or is listened to. */
function useRestOutOfSight(live: Live, isWanted: () => boolean): void {
  const wanted = useRef(isWanted);
  wanted.current = isWanted;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let resting: Definition | undefined;
    const changed = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") {
        if (resting) live.start(resting);
        resting = undefined;
        return;
      }
      timer = setTimeout(() => {
        if (live.value.phase === "off" || wanted.current()) return;
        resting = live.value.definition;
        live.stop();
      }, HIDDEN_MS);
    };
    document.addEventListener("visibilitychange", changed);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", changed);
    };
  }, [live]);
}
