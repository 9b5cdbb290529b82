/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** Codewords in all, by version. */
const CODEWORDS = [0, 26, 44, 70, 100, 134, 172];
/** Correcting codewords of a block and the number of blocks, by version, for L, M, Q, H (ISO/IEC 18004, table 9). */
const BLOCKS: readonly (readonly [ecc: number, blocks: number])[][] = [
  [],
  [[7, 1], [10, 1], [13, 1], [17, 1]],
  [[10, 1], [16, 1], [22, 1], [28, 1]],
  [[15, 1], [26, 1], [18, 2], [22, 2]],
  [[20, 1], [18, 2], [26, 2], [16, 4]],
  [[26, 1], [24, 2], [18, 4], [22, 4]],
  [[18, 2], [16, 4], [24, 4], [28, 4]],
];
/** How the format spells them: L is 01, M 00, Q 11, H 10. */
const LEVELS = [1, 0, 3, 2];
const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => (x * y) % 2 + (x * y) % 3 === 0,
  (x, y) => ((x * y) % 2 + (x * y) % 3) % 2 === 0,
  (x, y) => ((x + y) % 2 + (x * y) % 3) % 2 === 0,
];

/** What the QR code on the page says, read from what is drawn. No errors are corrected: a screen makes none. */
export async function readQr(page: Page): Promise<string> {
  const drawn = page.locator(".qr svg");
  const path = await drawn.locator("path").getAttribute("d") ?? "";
  const [, , width] = (await drawn.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const margin = 4;
  const size = width! - 2 * margin;
  const dark = new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`));
  return decode(size, (x, y) => dark.has(`${x + margin},${y + margin}`));
}

export function decode(size: number, dark: (x: number, y: number) => boolean): string {
  const version = (size - 17) / 4;
  assert.ok(version in BLOCKS && version >= 1, `a code of ${size} modules`);
  const formatBits = [0, 1, 2, 3, 4].map((x) => dark(x, 8));
  const format = formatBits.reduce((all, bit) => all * 2 + Number(bit), 0) ^ 0b10101;
  const mask = MASKS[format & 7]!;
  const bits: number[] = [];
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    const up = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++) {
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (!isFunction(x, y, size, version)) bits.push(Number(dark(x, y) !== mask(x, y)));
      }
    }
  }
  const words = Array.from({ length: CODEWORDS[version]! }, (_, at) => number(bits, at * 8, 8));
  const data = unwoven(words, BLOCKS[version]![LEVELS[format >> 3]!]!).flatMap((word) =>
    [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (word >> bit) & 1)
  );
  assert.equal(number(data, 0, 4), 0b0100, "text in bytes");
  const length = number(data, 4, 8);
  const bytes = Uint8Array.from({ length }, (_, at) => number(data, 12 + at * 8, 8));
  return new TextDecoder().decode(bytes);
}

/** The data of all blocks, one after the other. */
function unwoven(words: number[], [ecc, blocks]: readonly [number, number]): number[] {
  const total = words.length - ecc * blocks;
  const short = Math.floor(total / blocks);
  const longFrom = blocks - total % blocks;
  const lists: number[][] = Array.from({ length: blocks }, () => []);
  let at = 0;
  for (let row = 0; row <= short; row++) {
    for (let block = 0; block < blocks; block++) {
      if (row < short || block >= longFrom) lists[block]!.push(words[at++]!);
    }
  }
  return lists.flat();
}

/** Whether a module is not data: the three eyes with the format beside them, the timing, the small eye. */
function isFunction(x: number, y: number, size: number, version: number): boolean {
  if (x === 6 || y === 6) return true;
  if ((x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8)) return true;
  const eye = size - 7;
  return version > 1 && Math.abs(x - eye) <= 2 && Math.abs(y - eye) <= 2;
}

function number(bits: readonly number[], from: number, count: number): number {
  return bits.slice(from, from + count).reduce((all, bit) => all * 2 + bit, 0);
}
