import type { Badge } from "../model/api.ts";

const COLOURS = ["red", "blue", "white", "black", "grey"] as const;

export interface Look {
  shape: "fob" | "card" | "tag";
  colour: (typeof COLOURS)[number];
}

/** How a badge is drawn, as its name says; in turn where it does not say. */
export function lookOf({ name }: Badge, index: number): Look {
  const words = name.toLowerCase();
  const colour = COLOURS.find((each) => words.includes(each)) ?? COLOURS[index % COLOURS.length]!;
  if (words.includes("card")) return { shape: "card", colour };
  return { shape: words.includes("tag") ? "tag" : "fob", colour };
}
