/** Longer than a busy machine needs, ms. */
const PATIENCE_MS = 60_000;

/**
 * What `look` finds, once it finds something: for what no event tells, as it is another process's or the kernel's.
 * @param everyMs a panel takes 100 requests a second from a device
 */
export async function soon<T>(look: () => T | undefined | Promise<T | undefined>, everyMs = 20): Promise<T> {
  for (const begun = performance.now();;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - begun > PATIENCE_MS) throw new Error(`Nothing came of ${look}`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

/** Resolved once it holds, as `soon` does. */
export async function until(holds: () => boolean | Promise<boolean>, everyMs?: number): Promise<void> {
  await soon(async () => await holds() || undefined, everyMs);
}
