import { useNow } from "../../lib/ui/now.ts";

const DRAW_EVERY_MS = 100;

/** How much of something that runs is over, 0 to 1; 0 where nothing runs. */
export function useShare(running: { begun: number; ms: number } | undefined): number {
  const now = useNow(DRAW_EVERY_MS);
  if (!running) return 0;
  return Math.min(1, Math.max(0, (now - running.begun) / running.ms));
}
