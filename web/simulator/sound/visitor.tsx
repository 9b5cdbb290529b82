/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Ear } from "./ear.ts";
import type { Mouth } from "./mouth.ts";
import type { Talk } from "./talk.ts";

/** Quieter is silence, of 1. */
const AUDIBLE = 0.01;
/** What is whispered is seen, too. */
const GAIN = 2;

/** The ears and the mouth of whoever stands at the panel. */
export function Visitor({ ear, mouth, talk }: { ear: Ear; mouth: Mouth; talk: Talk }): JSX.Element {
  const hears = useValue(ear);
  const speaks = useValue(mouth);
  const { talk: now } = useValue(talk);
  useEffect(() => () => {
    ear.stop();
    mouth.stop();
  }, [ear, mouth]);
  const heard = now === null
    ? ""
    : now.reply === null
    ? `${now.by} speaks here.`
    : `“${now.reply}” is played.`;
  const spoken = speaks.phase === "on" ? "The household hears you." : "";
  const whys = [hears.why, speaks.why].filter(Boolean);
  return (
    <div class="visitor" role="group" aria-label="Sound at the panel">
      <Toggle
        icon="sound"
        label="Listen"
        where="at the panel"
        phase={hears.phase}
        onChange={(on) => on ? ear.start() : ear.stop()}
      >
        <Meter ear={ear} />
      </Toggle>
      <Toggle
        icon="microphone"
        label="Speak"
        where="as the visitor"
        phase={speaks.phase}
        onChange={(on) => on ? void mouth.start() : mouth.stop()}
      />
      <div class="visitor-said" role="status">
        {whys.length > 0
          ? whys.map((why) => <p key={why} class="visitor-why">{why}</p>)
          : <p>{[heard, spoken].filter(Boolean).join(" ")}</p>}
      </div>
    </div>
  );
}

interface ToggleProps {
  icon: "sound" | "microphone";
  label: string;
  /** Said after the label to those who don't see where the button is. */
  where: string;
  phase: "off" | "connecting" | "on";
  onChange(on: boolean): void;
  children?: JSX.Element;
}

function Toggle({ icon, label, where, phase, onChange, children }: ToggleProps): JSX.Element {
  return (
    <button
      type="button"
      class={`button visitor-toggle is-${phase}`}
      aria-pressed={phase !== "off"}
      aria-busy={phase === "connecting"}
      onClick={() => onChange(phase === "off")}
    >
      <Icon name={icon} size={20} />
      <span>
        {label} <span class="quiet">{where}</span>
      </span>
      {children}
    </button>
  );
}

/** How loud it is, for those who look. */
function Meter({ ear }: { ear: Ear }): JSX.Element {
  const { phase } = useValue(ear);
  const meter = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (phase !== "on") return;
    let frame = requestAnimationFrame(function look() {
      frame = requestAnimationFrame(look);
      const { level } = ear;
      meter.current?.style.setProperty("--level", String(Math.min(1, level * GAIN)));
      meter.current?.setAttribute("data-loud", String(level > AUDIBLE));
    });
    return () => cancelAnimationFrame(frame);
  }, [ear, phase]);
  return (
    <span class={`meter ${phase === "on" ? "is-on" : ""}`} ref={meter} data-loud="false" aria-hidden="true">
      <span class="meter-level" />
    </span>
  );
}
