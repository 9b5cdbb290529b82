import { isIP } from "node:net";
import { isEverywhere } from "../config/listen_address.ts";
import { LatchkeyError } from "../errors.ts";

export interface Address {
  /** What the panel listens on. */
  host: string;
  /** Further names and addresses under which it is reached. */
  hosts: readonly string[];
  /** Names that come and go while it runs, in lower case. */
  further?: ReadonlySet<string>;
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a name with or without a port, as in the header Host, is the panel's.
 * Where the panel listens on every address, any numeric address is its own: only names can be re-pointed.
 */
export function ownHosts(address: Address): (authority: string) => boolean {
  const own = new Set([...LOOPBACK, address.host, ...address.hosts].map((host) => nameOf(bracketed(host))));
  const everywhere = isEverywhere(address.host);
  return (authority) => {
    const name = nameOf(authority);
    return own.has(name) || address.further?.has(name) === true ||
      (everywhere && isIP(name.replace(/^\[|\]$/g, "")) !== 0);
  };
}

/**
 * Refuses a request meant for another host: a page elsewhere whose name was made to point here. And one that says it came
 * encrypted and did not, or the other way round: whoever sends it chooses the scheme where it names the whole address.
 */
export function hostGuard(address: Address): (request: Request, secure: boolean | undefined) => void {
  const isOwn = ownHosts(address);
  return (request, secure) => {
    const { host: target, protocol } = new URL(request.url);
    const host = request.headers.get("host") ?? target;
    if (secure !== undefined && protocol !== (secure ? "https:" : "http:")) {
      throw new LatchkeyError("scheme-wrong", `This connection is not one for an address with ${protocol}`, {
        status: 421,
      });
    }
    if (isOwn(host) && isOwn(target)) return;
    throw new LatchkeyError(
      "host-unknown",
      `This panel does not answer as "${host.slice(0, 80)}"; add the name to \`hosts\` in its configuration`,
      { status: 421 },
    );
  };
}

/**
 * Refuses a change asked for by a page of another site.
 * @throws {LatchkeyError} `cross-site` (403)
 */
export function refuseCrossSite(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const { protocol, host: target } = new URL(request.url);
  const own = originOf(`${protocol}//${request.headers.get("host") ?? target}`);
  const foreign = (site !== null && site !== "same-origin" && site !== "none") ||
    (origin !== null && (own === undefined || originOf(origin) !== own));
  if (!foreign) return;
  throw new LatchkeyError("cross-site", "Pages of another site can't change anything here", { status: 403 });
}

/** Whether the method, by its definition, changes nothing. */
export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** Host without its port, lower case, without a trailing dot; IPv6 in brackets. */
export function nameOf(authority: string): string {
  return authority.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host.toLowerCase()}]` : host.toLowerCase();
}
