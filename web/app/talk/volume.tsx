import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { messageOf } from "../../lib/api/problem.ts";
import { say } from "../../lib/ui/toast.tsx";
import type { Home } from "../model/home.ts";

/** How loud the panel's loudspeaker is, for everybody who speaks there. */
export function Volume({ home, volume }: { home: Home; volume: number }): JSX.Element {
  const id = useId();
  /** While the slider is in the hand. */
  const [drawn, setDrawn] = useState<number>();
  const percent = drawn ?? volume;

  async function set(volume: number): Promise<void> {
    try {
      await home.api.command("intercom", "volume", { volume });
    } catch (error) {
      say(messageOf(error), "warning");
    } finally {
      setDrawn(undefined);
    }
  }

  return (
    <div class="bright">
      <label for={id}>Volume at the door</label>
      <input
        id={id}
        class="slider"
        type="range"
        min="0"
        max="100"
        step="5"
        value={percent}
        aria-valuetext={`${percent} percent`}
        onInput={(event) => setDrawn(event.currentTarget.valueAsNumber)}
        onChange={(event) => void set(event.currentTarget.valueAsNumber)}
      />
      <output for={id}>{percent} %</output>
    </div>
  );
}
