import type { Area } from "../spec.ts";

/** What is looked at: small and grey, so that a look costs next to nothing. */
export const WIDTH = 64;
export const HEIGHT = 36;

export interface Watchfulness {
  /** Where something has to move, in thousandths of the picture; none: anywhere. */
  zones: readonly Area[];
  /** 1 to 100: how small and how faint it may be. */
  sensitivity: number;
}

/** Something that looks at pictures. What tells people from cats would be another one. */
export interface Detector {
  /** @param picture `WIDTH` × `HEIGHT` bytes, 0 black. @returns whether there is something */
  look(picture: Uint8Array): boolean;
}

/** How fast what stands still becomes part of the scene: a share for each picture. */
const LEARN = 0.08;
/** Where so much of the picture changes at once, it is the light or the camera itself. */
const ALL_CHANGED = 0.6;
/** One picture alone may be a fault of the coding. */
const IN_A_ROW = 2;

/**
 * Finds what moves, by the difference from what the scene usually looks like. A change of the light as a whole is taken
 * out first: clouds are no visitors.
 */
export class MotionDetector implements Detector {
  readonly #inZone: readonly boolean[];
  readonly #zoneSize: number;
  readonly #difference: number;
  readonly #share: number;
  #scene: Float32Array | undefined;
  #row = 0;

  constructor({ zones, sensitivity }: Watchfulness) {
    this.#inZone = Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      return zones.length === 0 || zones.some((zone) => touches(zone, x, y));
    });
    this.#zoneSize = Math.max(1, this.#inZone.filter(Boolean).length);
    // From 60 of 255 down to 10, and from a twelfth of the zone down to a five-hundredth.
    const faint = (100 - sensitivity) / 99;
    this.#difference = 10 + 50 * faint;
    this.#share = 0.002 + 0.08 * faint ** 2;
  }

  look(picture: Uint8Array): boolean {
    const scene = this.#scene ??= Float32Array.from(picture);
    const light = medianDifference(picture, scene);
    let changed = 0;
    let inZone = 0;
    for (let i = 0; i < picture.length; i++) {
      if (Math.abs(picture[i]! - scene[i]! - light) < this.#difference) continue;
      changed++;
      if (this.#inZone[i]) inZone++;
    }
    const isOther = changed > picture.length * ALL_CHANGED;
    const learn = isOther ? 1 : LEARN;
    for (let i = 0; i < picture.length; i++) scene[i]! += (picture[i]! - scene[i]!) * learn;
    this.#row = !isOther && inZone > this.#zoneSize * this.#share ? this.#row + 1 : 0;
    return this.#row >= IN_A_ROW;
  }
}

/** Whether something of a zone is in this byte of the picture: a zone may be smaller than what a byte shows. */
function touches(zone: Area, x: number, y: number): boolean {
  const [width, height] = [1_000 / WIDTH, 1_000 / HEIGHT];
  return zone.x < (x + 1) * width && zone.x + zone.width > x * width &&
    zone.y < (y + 1) * height && zone.y + zone.height > y * height;
}

/** By how much the picture as a whole is lighter than the scene. */
function medianDifference(picture: Uint8Array, scene: Float32Array): number {
  const counts = new Uint16Array(511);
  for (let i = 0; i < picture.length; i++) counts[Math.round(picture[i]! - scene[i]!) + 255]!++;
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i]!;
    if (seen * 2 >= picture.length) return i - 255;
  }
  return 0;
}
