import { Buffer } from "node:buffer";
import type { Content } from "../seal/stream.ts";

/** Ticks a second of the video, as the media process writes it. */
const SCALE = 90_000;
const HEAD_BYTES = 16;
/** A movie's head or a fragment's; what is longer is neither. */
const LONGEST_HEAD = 256 * 1024;

interface Fragment {
  at: number;
  /** Where the next one begins: padding is counted in. */
  end: number;
  /** Of its video. */
  ticks: number;
  startsWithKey: boolean;
}

/** A recording as a player is given it. */
export interface Movie extends Content {
  /** ms */
  ms: number;
}

/**
 * Reads what a recording consists of: its head and the fragments that are all there. What is handed to a player begins
 * with a head that says how long it is and where each fragment lies, so that it can be gone through at once; the file
 * itself was written without knowing either.
 * @returns undefined where it has no head, or no fragment
 */
export async function openMovie(file: Content): Promise<Movie | undefined> {
  const heads: Buffer[] = [];
  const fragments: Fragment[] = [];
  let begun: { at: number; head: Buffer } | undefined;
  for (let at = 0; at < file.size;) {
    const [size, type] = boxAt(await file.read(at, HEAD_BYTES));
    if (size < 8 || at + size > file.size) break;
    const last = fragments.at(-1);
    if (type === "ftyp" || type === "moov" || type === "moof") {
      if (size > LONGEST_HEAD) break;
      const box = Buffer.from(await file.read(at, size));
      if (type === "moof") begun = { at, head: box };
      else heads.push(box);
    } else if (type === "mdat" && begun) {
      fragments.push({ at: begun.at, end: at + size, ...partOf(begun.head) });
      begun = undefined;
    } else if (type === "free" && last?.end === at) last.end = at + size;
    at += size;
  }
  const [first] = fragments;
  const [ftyp, moov] = heads;
  if (!first || !ftyp || !moov) return undefined;
  const ticks = fragments.reduce((sum, fragment) => sum + fragment.ticks, 0);
  const head = Buffer.concat([ftyp, withDuration(moov, ticks), indexOf(fragments)]);
  const shift = first.at - head.length;
  const size = fragments.at(-1)!.end - shift;
  return {
    ms: Math.round(ticks * 1_000 / SCALE),
    size,
    async read(at, length) {
      const own = head.subarray(at, at + length);
      const rest = Math.min(at + length, size) - Math.max(at, head.length);
      if (rest <= 0) return own;
      return Buffer.concat([own, await file.read(Math.max(at, head.length) + shift, rest)]);
    },
  };
}

function boxAt(head: Uint8Array): [size: number, type: string] {
  const bytes = Buffer.from(head);
  if (bytes.length < 8) return [0, ""];
  return [bytes.readUInt32BE(0), bytes.toString("latin1", 4, 8)];
}

/** How long a fragment is, ms; 0 where it is none. */
export function lengthOf(fragment: Buffer): number {
  return partOf(fragment).ticks * 1_000 / SCALE;
}

/** How long the first track of a fragment is. */
function partOf(moof: Buffer): Pick<Fragment, "ticks" | "startsWithKey"> {
  const at = moof.indexOf("trun", 0, "latin1");
  if (at < 0 || at + 28 > moof.length) return { ticks: 0, startsWithKey: false };
  const count = moof.readUInt32BE(at + 8);
  let ticks = 0;
  for (let row = at + 16; row < at + 16 + count * 12 && row + 12 <= moof.length; row += 12) {
    ticks += moof.readUInt32BE(row);
  }
  // A sample that depends on no other has 2 in these bits.
  return { ticks, startsWithKey: count > 0 && (moof.readUInt32BE(at + 24) >> 24 & 3) === 2 };
}

/** The head of a movie with its length, which it is not made with. */
function withDuration(moov: Buffer, ticks: number): Buffer {
  const mvex = moov.indexOf("mvex", 0, "latin1") - 4;
  if (mvex < 0) return moov;
  const mehd = Buffer.alloc(20);
  mehd.writeUInt32BE(mehd.length);
  mehd.write("mehd", 4, "latin1");
  mehd[8] = 1;
  mehd.writeBigUInt64BE(BigInt(Math.round(ticks * 1_000 / SCALE)), 12);
  const grown = Buffer.concat([moov.subarray(0, mvex + 8), mehd, moov.subarray(mvex + 8)]);
  grown.writeUInt32BE(grown.length, 0);
  grown.writeUInt32BE(moov.readUInt32BE(mvex) + mehd.length, mvex);
  return grown;
}

/** A segment index: how many bytes and how much time each fragment takes. */
function indexOf(fragments: readonly Fragment[]): Buffer {
  // A segment index counts in sixteen bits; what is behind is played, and found more slowly.
  const listed = fragments.slice(0, 0xffff);
  const sidx = Buffer.alloc(32 + 12 * listed.length);
  sidx.writeUInt32BE(sidx.length);
  sidx.write("sidx", 4, "latin1");
  sidx.writeUInt32BE(1, 12);
  sidx.writeUInt32BE(SCALE, 16);
  sidx.writeUInt16BE(listed.length, 30);
  listed.forEach(({ at, end, ticks, startsWithKey }, i) => {
    sidx.writeUInt32BE(end - at, 32 + i * 12);
    sidx.writeUInt32BE(ticks, 36 + i * 12);
    sidx.writeUInt32BE(startsWithKey ? 0x90000000 : 0, 40 + i * 12);
  });
  return sidx;
}
