/** Quieter than this is shown as silence, dB below the loudest there is. */
const QUIETEST_DB = -50;

/** How loud samples are to the ear: 0 silence, 1 the loudest there is. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / Math.max(1, samples.length));
  return Math.min(1, Math.max(0, 1 - db / QUIETEST_DB));
}

/** How loud a sound is on its way, as so many levels. */
export function levelsOf(samples: Float32Array, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index, index + 1].map((edge) => Math.round(edge * samples.length / count));
    return levelOf(samples.subarray(from, to));
  });
}
