import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import type { PartView } from "../model/api.ts";
import type { Home } from "../model/home.ts";

const MODES = [
  { id: "on", label: "On" },
  { id: "off", label: "Off" },
  { id: "schedule", label: "Schedule" },
] as const;

type Mode = (typeof MODES)[number]["id"];

/** The lights at the panel that the household may set. */
export function Lights({ home }: { home: Home }): JSX.Element {
  const { parts } = useValue(home);
  return (
    <>
      {parts.filter(({ kind }) => kind === "light").map((part) => (
        <Light key={part.id} home={home} part={part} />
      ))}
    </>
  );
}

interface LightProps {
  home: Home;
  part: PartView;
}

function Light({ home, part }: LightProps): JSX.Element {
  const id = useId();
  const [fault, setFault] = useState<string>();
  const { on, mode, level } = stateOf(part);
  /** While the slider is in the hand. */
  const [drawn, setDrawn] = useState<number>();
  const percent = drawn ?? Math.round(level * 100);

  async function set(wish: { mode?: Mode; level?: number }): Promise<void> {
    setFault(undefined);
    try {
      await home.api.command(part.id, "set", wish);
    } catch (error) {
      setFault(messageOf(error));
    } finally {
      setDrawn(undefined);
    }
  }

  return (
    <section class={`card light ${on ? "is-on" : ""}`} data-in="home" aria-labelledby={id}>
      <div class="light-head">
        <span class="light-lamp">
          <Icon name="light" />
        </span>
        <div>
          <h2 id={id}>{part.name}</h2>
          <p class="soft">{wordOf(on, mode)}</p>
        </div>
      </div>
      <fieldset class="segments">
        <legend class="quiet">When is it on?</legend>
        {MODES.map((each) => (
          <label class="segment" key={each.id}>
            <input
              type="radio"
              name={id}
              checked={mode === each.id}
              onChange={() => void set({ mode: each.id })}
            />
            {each.label}
          </label>
        ))}
      </fieldset>
      <div class="bright">
        <label for={`${id}-bright`}>Brightness</label>
        <input
          id={`${id}-bright`}
          class="slider"
          type="range"
          min="1"
          max="100"
          value={percent}
          aria-valuetext={`${percent} percent`}
          onInput={(event) => setDrawn(event.currentTarget.valueAsNumber)}
          onChange={(event) => void set({ level: event.currentTarget.valueAsNumber / 100 })}
        />
        <output for={`${id}-bright`}>{percent} %</output>
      </div>
      {fault !== undefined && <Fault text={fault} />}
    </section>
  );
}

function stateOf({ state }: PartView): { on: boolean; mode: Mode; level: number } {
  const mode = MODES.find(({ id }) => id === state["mode"])?.id ?? "off";
  return { on: state["on"] === true, mode, level: typeof state["level"] === "number" ? state["level"] : 1 };
}

function wordOf(on: boolean, mode: Mode): string {
  if (mode === "schedule") return on ? "By schedule: on now" : "By schedule: off now";
  if (on === (mode === "on")) return on ? "On" : "Off";
  return on ? "Still on" : "Set to on, but dark";
}
