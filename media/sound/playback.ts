import type { Cancel, Clock } from "../../core/clock.ts";
import { opusSamples } from "./opus.ts";

const SAMPLES_A_MS = 48;

/** How long packets of Opus last, ms. */
export function lengthMs(packets: readonly Uint8Array[]): number {
  return Math.round(packets.reduce((sum, packet) => sum + opusSamples(packet), 0) / SAMPLES_A_MS);
}

/** Hands on packets of Opus as fast as they are heard. @returns ends it; `done` is then not told */
export function playBack(
  packets: readonly Uint8Array[],
  clock: Clock,
  packet: (data: Uint8Array) => void,
  done: () => void,
): Cancel {
  const begun = clock.monotonic();
  let next = 0;
  let due = 0;
  let cancel: Cancel = () => {};
  function go(): void {
    const now = clock.monotonic() - begun;
    while (next < packets.length && due <= now) {
      packet(packets[next]!);
      due += opusSamples(packets[next++]!) / SAMPLES_A_MS;
    }
    cancel = clock.after(Math.max(1, due - now), next < packets.length ? go : done);
  }
  go();
  return () => cancel();
}
