import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { Slider } from "../../lib/ui/slider.tsx";
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

  async function set(wish: { mode?: Mode; level?: number }): Promise<void> {
    setFault(undefined);
    try {
      await home.api.command(part.id, "set", wish);
    } catch (error) {
      setFault(messageOf(error));
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
      <Slider
        label="Brightness"
        value={Math.round(level * 100)}
        least={1}
        step={1}
        onSet={(percent) => set({ level: percent / 100 })}
      />
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
