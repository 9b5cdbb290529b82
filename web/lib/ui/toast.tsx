import type { JSX } from "preact";
import { State, useValue } from "../state.ts";
import { Icon, type IconName } from "./icons.tsx";

/** How long a message stays, ms. */
const SHOWN_MS = 5_000;

interface Toast {
  id: number;
  icon: IconName;
  text: string;
}

const toasts = new State<{ list: Toast[] }>({ list: [] });
let count = 0;

/** Says something at the foot of the page, also to those who can't see it. */
export function say(text: string, icon: IconName = "check"): void {
  const id = ++count;
  toasts.set(({ list }) => ({ list: [...list.slice(-2), { id, icon, text }] }));
  setTimeout(() => toasts.set(({ list }) => ({ list: list.filter((toast) => toast.id !== id) })), SHOWN_MS);
}

export function Toasts(): JSX.Element {
  const { list } = useValue(toasts);
  return (
    <div class="toasts" role="status">
      {list.map(({ id, icon, text }) => (
        <div class="toast" key={id}>
          <Icon name={icon} size={20} />
          {text}
        </div>
      ))}
    </div>
  );
}
