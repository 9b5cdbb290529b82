import type { PluginManifest, Wants } from "../../core/isolate/manifest.ts";
import { hintFor } from "../hints.ts";
import { REFUSED, unused, type Usage } from "../testing/usage.ts";
import type { Finding } from "./report.ts";

const CHECK = "It asks for what it wants, and wants what it asks for";

/**
 * Compares what it wants with what it has used, in its own process and in its tests.
 * @param asked what its process has asked Deno for, such as `net api.example.org:443`
 * @param readable folders that it may read
 */
export function checkPermissions(
  { wants }: PluginManifest,
  usage: Usage,
  asked: readonly string[],
  readable: readonly string[],
): Finding {
  const beyond = asked.filter((what) => !isGranted(what, wants, readable));
  const refused = [...usage].filter((use) => use.startsWith(REFUSED)).map((use) => use.slice(REFUSED.length));
  const notes = [...unused(wants, usage), ...unreached(wants.net, asked)].map((what) =>
    `"${what}" was not used, neither here nor in its tests: leave it out, or test what needs it`
  );
  if (beyond.length + refused.length === 0) return { check: CHECK, ok: true, lines: notes };
  const hints = [...beyond.map(refusalOf), ...refused].map(hintFor);
  return {
    check: CHECK,
    ok: false,
    lines: [...[...beyond, ...refused].map((what) => `It was refused: ${what}`), ...notes],
    mend: hints.filter((hint) => hint !== undefined),
  };
}

function isGranted(what: string, { net }: Wants, readable: readonly string[]): boolean {
  const [kind = "", ...words] = what.split(" ");
  const value = words.join(" ");
  // Of an address that is fetched Deno tells twice: whole, and its host.
  if (kind === "net") return value.includes("://") || net.some((want) => covers(want, value));
  return kind === "read" && readable.some((folder) => value === folder || value.startsWith(`${folder}/`));
}

function covers(want: string, host: string): boolean {
  return want === host || want === host.replace(/:\d+$/, "");
}

function unreached(net: readonly string[], asked: readonly string[]): string[] {
  const hosts = asked.flatMap((what) => what.startsWith("net ") ? [what.slice(4)] : []);
  return net.filter((want) => !hosts.some((host) => covers(want, host))).map((want) => `net: ${want}`);
}

/** As Deno says it. */
function refusalOf(what: string): string {
  const [kind = "", ...words] = what.split(" ");
  return `Requires ${kind} access to "${words.join(" ")}"`;
}
