import type { Image } from "../../../plugins/camera/keys.ts";

/** As style. */
export interface Preview {
  filter: string;
  transform: string;
}

/**
 * Makes of a picture that looks like `from` about what the panel will make of it for `to`, while that is on its way.
 * Colours do not come back.
 */
export function previewOf(from: Image, to: Image): Preview {
  const filters = [shade(from, to), to.night && !from.night ? "grayscale(1) brightness(1.3)" : ""];
  const flips = [
    sideways(from) === sideways(to) ? "" : "scaleX(-1)",
    upsideDown(from) === upsideDown(to) ? "" : "scaleY(-1)",
  ];
  return { filter: joined(filters), transform: joined(flips) };
}

/** The panel makes `gain × (x − ½) + ½ + shift` of each brightness x: what of one such result makes the other. */
function shade(from: Image, to: Image): string {
  const slope = gainOf(to) / gainOf(from);
  const shift = 0.5 + to.brightness / 200 - slope * (0.5 + from.brightness / 200);
  if (slope === 1 && shift === 0) return "";
  // In the order in which nothing is cut off in between.
  if (shift >= 0) {
    return `contrast(${round(slope / (slope + 2 * shift))}) brightness(${round(slope + 2 * shift)})`;
  }
  return `brightness(${round(slope / (1 - 2 * shift))}) contrast(${round(1 - 2 * shift)})`;
}

function gainOf({ contrast }: Image): number {
  return 1 + contrast / (contrast < 0 ? 125 : 100);
}

function sideways({ flip }: Image): boolean {
  return flip === "horizontal" || flip === "both";
}

function upsideDown({ flip }: Image): boolean {
  return flip === "vertical" || flip === "both";
}

function joined(parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ") || "none";
}

function round(factor: number): number {
  return Math.round(factor * 1_000) / 1_000;
}
