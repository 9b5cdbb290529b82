import { appendFileSync } from "node:fs";
import process from "node:process";
import { LineReader } from "../../core/lines.ts";
import type { Wants } from "../../core/isolate/manifest.ts";
import type { PluginProcess } from "../../core/isolate/process.ts";
import type { FromPanel, FromPlugin, Target } from "../../core/isolate/protocol.ts";

/** Where the tests of a plugin write what it has used, for `plugin:check`. */
export const USAGE_FILE = "LATCHKEY_USAGE_FILE";

/** What a plugin has used of what it can be granted. */
export type Usage = Set<string>;

/** How a refusal of the panel's is noted. */
export const REFUSED = "refused ";

/** The process as it is; what it says, and what it is refused, is noted in `usage`. */
export function watched(process: PluginProcess, usage: Usage): PluginProcess {
  const lines = new LineReader(Infinity);
  const answers = new LineReader(Infinity);
  return {
    ended: process.ended,
    kill: () => process.kill(),
    send(bytes) {
      for (const line of answers.push(bytes)) noteRefusal(usage, JSON.parse(line) as FromPanel);
      return process.send(bytes);
    },
    async read() {
      const piece = await process.read();
      if (piece) { for (const line of lines.push(piece)) note(usage, JSON.parse(line) as FromPlugin); }
      return piece;
    },
  };
}

/** What of `wants` was not used, as the fields and values of the manifest have it. Hosts are not looked at. */
export function unused(wants: Wants, usage: Usage): string[] {
  const used = (use: string) => usage.has(use);
  const { release, services, events, denials, parts, hostNames, anyone } = wants;
  return [
    ...release.filter((point) => !used(`release ${point}`)).map((point) => `release: ${point}`),
    ...services.filter((want) =>
      ![...usage].some((use) => use === `service ${want}` || use.startsWith(`service ${want}:`))
    )
      .map((want) => `services: ${want}`),
    ...events.filter((name) => !used(`event ${name}`)).map((name) => `events: ${name}`),
    ...(denials && !used("denials") ? ["denials"] : []),
    ...(parts !== "none" && !used("parts") ? [`parts: ${parts}`] : []),
    ...(parts === "control" && used("parts") && !used("commands") ? ["parts: control (read is enough)"] : []),
    ...(hostNames && !used("hostNames") ? ["hostNames"] : []),
    ...(anyone && !used("anyone") ? ["anyone"] : []),
  ];
}

/** Tells `plugin:check`, where it has asked. */
export function tellUsage(usage: Usage): void {
  const file = environment(USAGE_FILE);
  if (file !== undefined) appendFileSync(file, [...usage, ""].join("\n"));
}

function note(usage: Usage, message: FromPlugin): void {
  switch (message.t) {
    case "listen":
      return void usage.add(`event ${message.name}`);
    case "watch":
      return void usage.add("parts");
    case "call":
      return noteCall(usage, message.to, message.args);
    case "offer":
      if (message.offer.kind === "denial") usage.add("denials");
      if (message.offer.kind === "host-name") usage.add("hostNames");
      if (message.offer.kind === "routes" && message.offer.routes.some(({ access }) => access === "anyone")) {
        usage.add("anyone");
      }
  }
}

function noteRefusal(usage: Usage, message: FromPanel): void {
  if (message.t !== "failure" || message.error.code !== "plugin-not-granted") return;
  usage.add(`${REFUSED}${message.error.message}`);
}

function noteCall(usage: Usage, to: Target, args: unknown[]): void {
  if (to.kind === "service") {
    usage.add(`service ${to.service}:${to.method}`);
    const { accessPoint } = (args[0] ?? {}) as { accessPoint?: unknown };
    if (to.service === "access" && to.method === "release") usage.add(`release ${accessPoint}`);
  } else if (to.kind === "part" && to.command !== null) usage.add("commands");
}

function environment(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    // Not ours to read.
    return undefined;
  }
}
