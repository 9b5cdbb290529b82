import assert from "node:assert/strict";
import { cardPresent } from "../../core/mod.ts";
import { formatFrame } from "../../drivers/sim/frame.ts";
import { ANNA, Panel } from "../../tests/harness/panel.ts";

const FRAMES = 1_000_000;
const BATCH = 5_000;
const SEED = 12;

/** Whole numbers below a bound that depend on the seed alone (xorshift32). */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** What a reader gone mad may send: never the frame of the card that may open. */
function fuzzer(roll: (bound: number) => number, real: string): () => string {
  const text = (length: number, alphabet: string) => {
    let made = "";
    while (made.length < length) made += alphabet[roll(alphabet.length)];
    return made;
  };
  const hex = (bytes: number) => text(bytes * 2, "0123456789ABCDEF");
  const at = () => roll(real.length);
  const makers: [weight: number, make: () => string][] = [
    [20, () => {
      let noise = "";
      for (let left = roll(40); left > 0; left--) noise += String.fromCharCode(roll(0x10000));
      return noise;
    }],
    [20, () => text(roll(60), "PRAEU:0123456789ABCDEF")],
    // One bit of the real frame turned.
    [20, () => {
      const index = at();
      const turned = real.charCodeAt(index) ^ (1 << roll(8));
      return real.slice(0, index) + String.fromCharCode(turned) + real.slice(index + 1);
    }],
    // Some characters of it replaced by others of a frame.
    [20, () => {
      let changed = real;
      for (let left = 1 + roll(4); left > 0; left--) {
        const index = at();
        changed = changed.slice(0, index) + text(1, ":PRAE0123456789ABCDEF") + changed.slice(index + 1);
      }
      return changed;
    }],
    [5, () => real.slice(0, at())],
    [5, () => real.slice(at()) + real],
    [4, () => real.toLowerCase()],
    [4, () => `${real}\n`],
    // Well formed, with a number of any length that no card here has.
    [2, () => {
      const change = roll(2) === 0 ? "present" : "removed";
      return formatFrame({ change, cardKind: "iso14443a", uid: hex(roll(14)) });
    }],
  ];
  const choices = makers.flatMap(([weight, make]) => Array<() => string>(weight).fill(make));
  return () => {
    const frame = choices[roll(choices.length)]!();
    return frame === real ? "" : frame;
  };
}

Deno.test(`I-12: ${FRAMES.toLocaleString("en")} fuzzed reader frames open nothing and crash nothing`, async () => {
  await using panel = await Panel.start({ seed: SEED });
  await panel.enrol(ANNA, "Anna");
  const before = await panel.accessLog();
  const real = formatFrame({ change: "present", cardKind: "iso14443a", uid: ANNA });
  let seen = 0;
  panel.runtime.host.core.on(cardPresent, (card) => {
    seen++;
    assert.ok(cardPresent.schema.safeParse(card).success, card.uid);
  });
  const fuzz = fuzzer(dice(SEED), real);
  for (let sent = 0; sent < FRAMES; sent += BATCH) {
    panel.board.sendFrames("reader", Array.from({ length: BATCH }, fuzz));
    await panel.advance(200);
  }
  await panel.advance(60_000);

  assert.deepEqual([panel.edges("lock"), panel.edges("gate")], [[], []]);
  assert.ok(seen > 1_000, `${seen} frames were those of unknown cards`);
  const rows = (await panel.accessLog()).slice(0, -before.length);
  assert.deepEqual([...new Set(rows.map(({ outcome, reason }) => `${outcome} ${reason}`))], [
    "denied unknown-credential",
  ]);
  assert.deepEqual(panel.lines.filter(({ level }) => level === "error"), []);
  const unwell = panel.runtime.host.status().filter(({ state, errors }) => state !== "running" || errors > 0);
  assert.deepEqual(unwell, []);
  await panel.swipe(ANNA);
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("lock"), [700], "the reader works as before");
});
