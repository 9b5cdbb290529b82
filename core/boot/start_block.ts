import { isIPv6 } from "node:net";
import { renderUnicodeCompact } from "uqr";
import type { PanelConfig } from "../config/schema.ts";
import { usesTls } from "../config/tls_rules.ts";
import type { PluginStatus } from "../plugin/host.ts";
import type { ClaimOffer } from "../runtime.ts";
import { claimLabelPath } from "../store/paths.ts";
import { codeIsPresence, reachedAt } from "./reach.ts";

export interface Start {
  config: PanelConfig;
  version: string;
  port: number;
  plugins: readonly PluginStatus[];
  /** What the panel can be claimed with, where it has no owner. */
  offer: ClaimOffer | undefined;
  /** SHA-256 of the certificate that devices trust; null without TLS. */
  fingerprint: string | null;
}

/** What a person is told at the start: where to open the panel, what runs, where its data is, how to stop it. */
export function startBlock({ config, version, port, plugins, offer, fingerprint }: Start): string {
  const running = plugins.filter(({ state }) => state === "running").map(({ id }) => id);
  const notRunning = plugins.filter(({ state }) => state !== "running");
  const leftOut = Object.keys(config.plugins).filter((id) => config.plugins[id] === false);
  const lines = [
    "",
    line("Latchkey", `${version} · ${config.name}`),
    "",
    ...(offer ? claimLines(config, port, offer) : openLines(config, port)),
    ...(fingerprint === null
      ? []
      : ["", line("Trust", "the certificate whose SHA-256 is"), line("", `${fingerprint}`)]),
    "",
    line("Plugins", running.join(", ") || "none run"),
    ...notRunning.map(({ id, state, reason }) => line("", `${id}: ${state}${reason && `, ${reason}`}`)),
    ...leftOut.map((id) => line("", `${id}: left out by the configuration`)),
    line("Data", config.data),
    line("Stop", "Ctrl-C"),
    "",
  ];
  return lines.join("\n");
}

/** How the panel is claimed: the link, in letters and as a QR code. */
export function claimLines(config: PanelConfig, port: number, offer: ClaimOffer): string[] {
  const link = claimLink(config, port, offer);
  return [
    line("Open", link),
    line("", "Whoever opens this link first, and is at the panel, becomes its owner."),
    line("", `A label with it, to print: ${claimLabelPath(config.data)}`),
    ...(codeIsPresence(config)
      ? []
      : [line("", "Then press the button inside, within two minutes. Five wrong codes void the link.")]),
    "",
    ...renderUnicodeCompact(link, { border: 2 }).split("\n").map((row) => line("", row)),
  ];
}

/** Opens the page that claims the panel, with what a device has to know of it beforehand. */
export function claimLink(
  config: PanelConfig,
  port: number,
  { code, deviceId, fingerprint }: ClaimOffer,
): string {
  const known = fingerprint === null ? "" : `&sha256=${fingerprint}`;
  return `${addressOf(config, port, fingerprint !== null)}/#claim=${code}&panel=${deviceId}${known}`;
}

function openLines(config: PanelConfig, port: number): string[] {
  return [
    line("Open", `${addressOf(config, port, usesTls(config))}/`),
    line("", "on a device that is paired with this panel; its owner can invite others."),
    line("", "Are all of them lost? Hold the button inside for 10 s, or start with --reclaim."),
  ];
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(10)}${text}`;
}

function addressOf(config: PanelConfig, port: number, secure: boolean): string {
  const name = reachedAt(config);
  return `${secure ? "https" : "http"}://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}
