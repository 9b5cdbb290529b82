import { networkInterfaces } from "node:os";
import type { PanelConfig } from "../config/schema.ts";
import { LatchkeyError } from "../errors.ts";

/** On the simulated board, seen from this machine only, who can read the code is at the unit. */
export function codeIsPresence({ board, host }: PanelConfig): boolean {
  return board === "sim" && isLoopback(host);
}

/** @throws {LatchkeyError} `config-invalid` where other machines could reach it in clear */
export function usesTls({ host, tls }: PanelConfig): boolean {
  if (tls.mode !== "auto" && (tls.mode === "on" || isLoopback(host))) return tls.mode === "on";
  if (tls.mode === "auto") return !isLoopback(host);
  throw new LatchkeyError(
    "config-invalid",
    `Cannot start with these settings:\n  tls.mode: Must be auto or on where \`host\` is not loopback (given: "off", and host "${host}")`,
  );
}

/** Whether nobody but this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\..*|\[?::1\]?)$/.test(host);
}

/** Under which names and addresses the panel is reached: what its certificate has to cover. */
export function namesOf({ host, hosts }: PanelConfig): string[] {
  const own = isEverywhere(host)
    ? Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
      .filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address)
    : [host];
  return ["localhost", "127.0.0.1", "::1", ...own, ...hosts];
}

/** Whether it listens on every address of the machine. */
export function isEverywhere(host: string): boolean {
  return /^(0\.0\.0\.0|\[?::\]?)$/.test(host);
}
