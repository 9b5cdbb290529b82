import type { JSX } from "preact";
import { messageOf } from "../../lib/api/problem.ts";
import { Slider } from "../../lib/ui/slider.tsx";
import { say } from "../../lib/ui/toast.tsx";
import type { Home } from "../model/home.ts";

/** How loud the panel's loudspeaker is, for everybody who speaks there. */
export function Volume({ home, volume }: { home: Home; volume: number }): JSX.Element {
  const set = (volume: number) =>
    home.api.command("intercom", "volume", { volume }).catch((error) => say(messageOf(error), "warning"));
  return <Slider label="Volume at the door" value={volume} least={0} step={5} onSet={set} />;
}
