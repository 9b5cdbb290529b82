import { BlockList, isIP, isIPv6 } from "node:net";

/** Host names and addresses, sorted apart as certificates have them. */
export interface Names {
  dns: readonly string[];
  /** Addresses; in a root's constraints, ranges such as `10.0.0.0/8`. */
  ips: readonly string[];
}

/** Phones are shown no certificate that is larger than it must be; a machine with many interfaces has many addresses. */
const MOST = 64;

/** What nobody on the internet can have: special-use names, private and local addresses. */
const OWN: Names = {
  dns: ["localhost", "local", "home.arpa", "internal", "lan"],
  ips: [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
  ],
};

/** Without case, brackets, ports and what comes twice; what is neither name nor address, or holds within one machine only, is left out. */
export function sortNames(names: readonly string[]): Names {
  const bare = [...new Set(names.map(bareName))].filter((name) => !name.includes("%"));
  return {
    dns: bare.filter((name) => HOST_NAME.test(name) && isIP(name) === 0).slice(0, MOST),
    ips: bare.filter((name) => isIP(name) !== 0).slice(0, MOST),
  };
}

/** What a root may vouch for: all that is nobody's on the internet, and what the owner has named. */
export function constraintsFor({ dns, ips }: Names): Names {
  const beside: Names = { dns: dns.filter(isForeign(OWN)), ips: ips.filter(isForeign(OWN)) };
  return {
    dns: [...OWN.dns, ...beside.dns],
    ips: [...OWN.ips, ...beside.ips.map((ip) => `${ip}/${isIPv6(ip) ? 128 : 32}`)],
  };
}

/** The part of `names` that a root with these constraints may vouch for, and the part that it may not. */
export function within(constraints: Names, { dns, ips }: Names): { allowed: Names; foreign: string[] } {
  const foreign = isForeign(constraints);
  const isAllowed = (name: string) => !foreign(name);
  return {
    allowed: { dns: dns.filter(isAllowed), ips: ips.filter(isAllowed) },
    foreign: [...dns, ...ips].filter(foreign),
  };
}

/** Whether nobody on the internet can have that name or address. */
export function isPrivate(name: string): boolean {
  return !isForeign(OWN)(bareName(name));
}

/** The panel's name on the local network: `front-door.local` of "Front door". */
export function localName(name: string): string {
  const label = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 63).replace(/-$/, "");
  return `${label || "latchkey"}.local`;
}

const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

function bareName(name: string): string {
  const lower = name.trim().toLowerCase();
  if (isIP(lower) !== 0) return canonical(lower);
  const host = lower.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  return isIP(host) === 0 ? host : canonical(host);
}

/** One spelling of each address: `::1` of `0:0::1`. */
function canonical(ip: string): string {
  if (!isIPv6(ip) || ip.includes("%")) return ip;
  return new URL(`http://[${ip}]`).hostname.slice(1, -1);
}

function isForeign(constraints: Names): (name: string) => boolean {
  const ranges = new BlockList();
  for (const range of constraints.ips) {
    const [start = "", bits = ""] = range.split("/");
    ranges.addSubnet(start, Number(bits), isIPv6(start) ? "ipv6" : "ipv4");
  }
  return (name) => {
    if (isIP(name) !== 0) return !ranges.check(name, isIPv6(name) ? "ipv6" : "ipv4");
    return !constraints.dns.some((base) => name === base || name.endsWith(`.${base}`));
  };
}
