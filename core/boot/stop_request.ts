import process from "node:process";

/**
 * Resolved when the panel is to stop: by a signal, or where a supervisor started it, when the pipe from there closes,
 * which it does however the supervisor ends. Signals that come later change nothing.
 */
export function stopRequest(supervised: boolean): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop());
    if (!supervised) return;
    process.stdin.on("error", () => stop());
    process.stdin.once("close", () => stop());
    process.stdin.once("end", () => stop());
    process.stdin.resume();
  });
}
