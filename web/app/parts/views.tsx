import type { JSX } from "preact";
import { Icon, type IconName } from "../../lib/ui/icons.tsx";

const VIEWS = [
  { id: "home", label: "Door", icon: "home" },
  { id: "cards", label: "Cards", icon: "card" },
  { id: "activity", label: "Activity", icon: "list" },
] as const satisfies readonly { id: string; label: string; icon: IconName }[];

export type View = (typeof VIEWS)[number]["id"];

export interface ViewsProps {
  view: View;
  onView(view: View): void;
}

/** The foot of a phone's screen; elsewhere all views are in sight and this is not there. */
export function Views({ view, onView }: ViewsProps): JSX.Element {
  return (
    <nav class="views" aria-label="Views">
      {VIEWS.map(({ id, label, icon }) => (
        <button
          type="button"
          key={id}
          aria-current={view === id ? "page" : undefined}
          onClick={() => onView(id)}
        >
          <Icon name={icon} />
          {label}
        </button>
      ))}
    </nav>
  );
}
