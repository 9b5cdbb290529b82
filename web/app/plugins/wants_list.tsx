import type { JSX } from "preact";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Phrase } from "./plugins_api.ts";

/** What a plugin may, or wants; what is about the doors stands out. */
export function WantsList(
  { phrases, granted = false }: { phrases: readonly Phrase[]; granted?: boolean },
): JSX.Element {
  return (
    <ul class="wants">
      {phrases.map(({ want, text, grave }) => (
        <li key={want} class={grave ? "want is-grave" : "want"}>
          <Icon name={grave ? "key" : granted ? "check" : "plus"} size={20} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

/** Who has signed it, as a line of its own. */
export function Signed({ text, known }: { text: string; known: boolean }): JSX.Element {
  return (
    <p class={known ? "signed is-known" : "signed"}>
      <Icon name={known ? "shield" : "warning"} size={20} />
      <span>{text}</span>
    </p>
  );
}
