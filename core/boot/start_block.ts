import { isIPv6 } from "node:net";
import { renderUnicodeCompact } from "uqr";
import type { PanelConfig } from "../config/schema.ts";
import type { PluginStatus } from "../plugin/host.ts";

export interface Start {
  config: PanelConfig;
  version: string;
  port: number;
  plugins: readonly PluginStatus[];
  /** Where it was made at this start; no other start knows it. */
  ownerToken: string | undefined;
}

const EVERYWHERE: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
const LOOPBACK = /^(localhost|127\..*|::1)$/;

/** What a person is told at the start: where to open the panel, what runs, where its data is, how to stop it. */
export function startBlock({ config, version, port, plugins, ownerToken }: Start): string {
  const address = addressOf(config.host, port);
  const line = (name: string, text: string) => `  ${name.padEnd(10)}${text}`;
  const running = plugins.filter(({ state }) => state === "running").map(({ id }) => id);
  const notRunning = plugins.filter(({ state }) => state !== "running");
  const leftOut = Object.keys(config.plugins).filter((id) => config.plugins[id] === false);
  const lines = [
    "",
    line("Latchkey", `${version} · ${config.name}`),
    "",
    ...access(address, ownerToken).map((text, i) => line(i === 0 ? "Open" : "", text)),
    "",
    line("Plugins", running.join(", ") || "none run"),
    ...notRunning.map(({ id, state, reason }) => line("", `${id}: ${state}${reason && `, ${reason}`}`)),
    ...leftOut.map((id) => line("", `${id}: left out by the configuration`)),
    line("Data", config.data),
    line("Stop", "Ctrl-C"),
    "",
  ];
  if (!LOOPBACK.test(config.host)) lines.splice(-1, 0, line("Warning", OPEN_NETWORK));
  return lines.join("\n");
}

const OPEN_NETWORK =
  "other machines can reach this address, and without TLS they can read the owner's access";

function access(address: string, token: string | undefined): string[] {
  if (token === undefined) {
    return [
      `${address}/`,
      "with the owner's link that was printed when it was made: it still works.",
      "Is it lost? Start with --new-owner-link: that makes a new one and ends the old.",
    ];
  }
  const link = `${address}/#token=${token}`;
  return [
    link,
    "This link holds the owner's access. It is shown this once: keep it.",
    "",
    ...renderUnicodeCompact(link, { border: 2 }).split("\n"),
  ];
}

function addressOf(host: string, port: number): string {
  const name = EVERYWHERE[host] ?? host;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}
