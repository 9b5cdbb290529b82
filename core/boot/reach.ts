import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { isEverywhere, isLoopback } from "../config/listen_address.ts";
import type { PanelConfig } from "../config/schema.ts";
import { isPrivate, localName } from "../tls/names.ts";

/** On the simulated board, seen from this machine only, who can read the code is at the unit. */
export function codeIsPresence({ board, host }: PanelConfig): boolean {
  return board === "sim" && isLoopback(host);
}

/** Under which names and addresses the panel is reached: what its certificate has to cover. */
export function namesOf(config: PanelConfig): string[] {
  const own = isEverywhere(config.host) ? machinesAddresses() : [];
  return ["localhost", "127.0.0.1", "::1", localName(config.name), ...givenNames(config), ...own];
}

/** Those that the configuration gives. */
export function givenNames({ host, hosts }: PanelConfig): string[] {
  return isEverywhere(host) ? hosts : [host, ...hosts];
}

/** Where somebody at home opens the panel: the first name that was given, else an address of the machine. */
export function reachedAt(
  { host, hosts }: Pick<PanelConfig, "host" | "hosts">,
  addresses: () => readonly string[] = machinesAddresses,
): string {
  if (!isEverywhere(host)) return host;
  // On every address of IPv6 systems listen on those of IPv4 as well.
  const own = hosts[0] ?? addresses().toSorted((a, b) => isIP(a) - isIP(b))[0];
  return own ?? (isIP(host) === 4 ? "127.0.0.1" : "::1");
}

/** Without public ones: the panel's authority vouches for none that was not asked for. */
function machinesAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    .filter(({ internal, scopeid, address }) => !internal && !scopeid && isPrivate(address))
    .map(({ address }) => address);
}
