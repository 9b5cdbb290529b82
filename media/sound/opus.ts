/** Samples of 48 kHz in a frame of each configuration, by fours: RFC 6716, 3.1. */
const SILK = [480, 960, 1_920, 2_880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/** No packet lasts longer, samples. */
const LONGEST = 5_760;

/** 20 ms of nothing. */
export const SILENCE: Uint8Array = Uint8Array.of(0xf8, 0xff, 0xfe);

/** How long a packet of Opus lasts, in samples of 48 kHz; 0 where it is none. */
export function opusSamples(packet: Uint8Array): number {
  const head = packet[0];
  if (head === undefined) return 0;
  const configuration = head >> 3;
  const frame = configuration < 12
    ? SILK[configuration % 4]!
    : configuration < 16
    ? HYBRID[configuration % 2]!
    : CELT[configuration % 4]!;
  const code = head & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const samples = frame * frames;
  return samples > LONGEST ? 0 : samples;
}
