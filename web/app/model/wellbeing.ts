import type { IconName } from "../../lib/ui/icons.tsx";
import type { HomeData } from "./home_data.ts";

export interface Concern {
  id: string;
  icon: IconName;
  text: string;
  /** What it means for the household. */
  note: string;
}

/** What the household should know of now, the most pressing first. */
export function concerns({ status, parts, live }: HomeData): Concern[] {
  const found: Concern[] = [];
  const stateOf = (id: string) => parts.find((part) => part.id === id)?.state ?? {};
  const door = stateOf("door-contact");
  if (door["forced"] === true) {
    found.push({
      id: "forced",
      icon: "alarm",
      text: "The door was opened without a release",
      note: "Neither this app, a badge nor the exit button opened it.",
    });
  }
  if (stateOf("tamper")["active"] === true) {
    found.push({
      id: "tamper",
      icon: "alarm",
      text: "The panel was opened or taken off the wall",
      note: "Look after the panel outside. The alarm ends when it is closed again.",
    });
  }
  if (door["heldOpen"] === true) {
    found.push({
      id: "held",
      icon: "alarm",
      text: "The door has been left open",
      note: "The alarm ends when it is closed.",
    });
  }
  if (!live) {
    found.push({
      id: "offline",
      icon: "offline",
      text: "The panel can’t be reached",
      note: "What you see may be out of date. This page keeps trying.",
    });
    return found;
  }
  if (status && !status.boardUp) {
    found.push({
      id: "board",
      icon: "warning",
      text: "The link to the door’s hardware is lost",
      note: "Nothing can be released until it is back. The panel keeps trying.",
    });
  }
  if (status && !status.clock.trusted) {
    found.push({
      id: "clock",
      icon: "clock",
      text: "The panel is not sure of the time",
      note: "Cards without a time limit still open. Cards with one wait until the time is confirmed.",
    });
  }
  for (const { id, title, reason } of status?.plugins.filter(({ state }) => state === "failed") ?? []) {
    found.push({ id: `plugin-${id}`, icon: "warning", text: `${title} does not work`, note: reason });
  }
  return found;
}
