import type { PluginNeeds } from "../../core/mod.ts";

const GROUPS = ["224.0.0.251:5353", "[ff02::fb]:5353"];
/** Deno takes ranges of IPv4 only. */
const HOUSEHOLDS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"];

/**
 * On Deno, what the panel's process needs to be found: the two groups, as bound to and as sent to, and the machine's
 * interfaces. An answer to one device alone needs an address that nobody knows before.
 */
export const discoveryNeeds: PluginNeeds = ({ given, isLoopback }) => {
  const isNot = (name: string) => String(given(name)) === "false";
  if (isLoopback || isNot("plugins.discovery") || isNot("plugins.discovery.enabled")) return {};
  const unicast = String(given("plugins.discovery.unicast")) === "true";
  return { net: unicast ? [...GROUPS, ...HOUSEHOLDS] : GROUPS, sys: ["networkInterfaces"] };
};
