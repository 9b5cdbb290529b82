import type { JSX } from "preact";
import { Icon, type IconName } from "../../lib/ui/icons.tsx";
import type { Rights } from "../model/rights.ts";
import type { View } from "./use_view.ts";

export interface ViewEntry {
  id: View;
  label: string;
  icon: IconName;
}

/** What there is to see for who may do so much. */
export function viewsFor(may: Rights): ViewEntry[] {
  return [
    { id: "home", label: "Door", icon: "home" },
    ...(may.resident ? [{ id: "keys", label: "Keys", icon: "card" } as const] : []),
    { id: "activity", label: "Activity", icon: "list" },
    may.owner
      ? { id: "people", label: "People", icon: "people" }
      : { id: "people", label: "You", icon: "person" },
    ...(may.owner ? [{ id: "settings", label: "Settings", icon: "settings" } as const] : []),
  ];
}

export interface ViewsProps {
  views: readonly ViewEntry[];
  view: View;
  onView(view: View): void;
}

/** The foot of a phone's screen; elsewhere nearly all is in sight, and the head leads to the rest. */
export function Views({ views, view, onView }: ViewsProps): JSX.Element {
  return (
    <nav class="views" aria-label="Views" style={{ "--views": String(views.length) }}>
      {views.map(({ id, label, icon }) => (
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
