import { useEffect, useState } from "preact/hooks";

const DRAW_EVERY_MS = 100;

/** How much of something that runs is over, 0 to 1; 0 where nothing runs. */
export function useShare(running: { begun: number; ms: number } | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  const begun = running?.begun;
  useEffect(() => {
    if (begun === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), DRAW_EVERY_MS);
    return () => clearInterval(timer);
  }, [begun]);
  if (!running) return 0;
  return Math.min(1, Math.max(0, (now - running.begun) / running.ms));
}
