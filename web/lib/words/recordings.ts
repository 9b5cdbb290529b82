import type { CardView, Clip } from "../../../plugins/recorder/keys.ts";

const CAUSES: Record<Clip["cause"], string> = {
  call: "A ring",
  badge: "A badge",
  motion: "Motion",
  manual: "By hand",
};

/** Why it was recorded. */
export function clipText({ cause }: Pick<Clip, "cause">): string {
  return CAUSES[cause];
}

/** `800 KB`, `12 MB`, `32 GB` */
export function bytesText(bytes: number): string {
  const units = ["KB", "MB", "GB"];
  let value = bytes / 1_000;
  let unit = 0;
  for (; value >= 1_000 && unit < units.length - 1; unit++) value /= 1_000;
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export interface CardText {
  tone: "good" | "waiting" | "bad";
  title: string;
  text: string;
}

/** How the card is, for the household. */
export function cardText({ state, bytes, free }: Pick<CardView, "state" | "bytes" | "free">): CardText {
  switch (state) {
    case "normal":
      return { tone: "good", title: "Memory card", text: `${bytesText(free)} of ${bytesText(bytes)} free` };
    case "absent":
      return {
        tone: "waiting",
        title: "No memory card",
        text: "Nothing is recorded until one is in the slot.",
      };
    case "uninitialized":
      return {
        tone: "waiting",
        title: "A new memory card",
        text: "It is initialized before it is used, which erases it.",
      };
    case "initializing":
      return { tone: "waiting", title: "The card is being initialized", text: "It takes a moment." };
    case "full":
      return {
        tone: "bad",
        title: "The card is full",
        text: "What is on it is protected, or not of this panel: delete some, or take another card.",
      };
    case "read-only":
      return {
        tone: "bad",
        title: "The card is write-protected",
        text: "What is on it can be watched; nothing new is recorded.",
      };
    case "error":
      return {
        tone: "bad",
        title: "The card does not work",
        text: "Nothing is recorded. Try to put it in again, or take another one.",
      };
  }
}
