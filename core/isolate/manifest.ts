import { z } from "zod";
import { accessPointIdSchema } from "../access/model.ts";
import { pluginIdSchema } from "../plugin/plugin.ts";
import { isReserved } from "./names.ts";

/** What a plugin's process may use without more being granted, MB: its heap, and what it keeps beside it. */
const MEMORY_MB = 64;

const eventNameSchema = z.string().max(64).regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/, {
  error: "an event's name such as call.changed",
});

const serviceWantSchema = z.string().max(80).regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*(:[a-z][A-Za-z0-9]*)?$/, {
  error: "a service such as time, or one method of it such as calls:list",
});

/** A host by name or address, an IPv6 one in brackets, with or without a port. No wildcard: what is granted is named. */
const netWantSchema = z.string().max(260).refine(isNetTarget, {
  error: "a host such as api.example.org, 192.168.1.20:1883 or [fd00::1]:443",
});

const few = <T extends z.ZodType>(schema: T) => z.array(schema).max(16).default([]);

/** All that a third-party plugin can be given beside its own events, parts, routes, settings and state. */
export const wantsSchema = z.strictObject({
  release: few(accessPointIdSchema).describe("Access points that it may release"),
  denials: z.boolean().default(false).describe("Whether it may object to a release"),
  services: few(serviceWantSchema).describe("Services that it calls, or one method of one"),
  events: few(eventNameSchema).describe("Events of others that it hears"),
  parts: z.enum(["none", "read", "control"]).default("none").describe(
    "Whether it sees the state of the home's parts, and whether it tells them what to do",
  ),
  hostNames: z.boolean().default(false).describe("Whether it may give the panel names that end in .local"),
  anyone: z.boolean().default(false).describe("Whether its routes may answer requests without a credential"),
  net: few(netWantSchema).describe("Hosts that it reaches"),
  memoryMb: z.int().min(32).max(256).default(MEMORY_MB).describe("Memory, MB"),
});
export type Wants = z.output<typeof wantsSchema>;

/** What a plugin says of itself before any of its code runs. */
export const pluginManifestSchema = z.strictObject({
  id: pluginIdSchema.refine((id) => !isReserved(id), {
    error: "an id that is no word of the panel's own, such as access, part or call",
  }),
  title: z.string().trim().min(1).max(60).refine((text) => !/\p{C}/u.test(text), {
    error: "letters that can be seen",
  }).describe(
    "What people call it",
  ),
  version: z.string().max(40).regex(/^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/, {
    error: "a version such as 1.2.3",
  }),
  api: z.literal(1).describe("The contract's version that it was written for"),
  entry: z.string().max(120).regex(/^([\w-][\w.-]*\/)*[\w-][\w.-]*\.(ts|mts|js|mjs)$/, {
    error: "the plugin's file within its folder, such as mod.ts",
  }),
  wants: wantsSchema.prefault({}),
});
export type PluginManifest = z.output<typeof pluginManifestSchema>;

/** SHA-256 in hexadecimal: of a package's sums, it says which files it has. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, { error: "64 hexadecimal digits" });

/** How a package came to the panel. */
export const originSchema = z.strictObject({
  from: z.enum(["upload", "folder", "file", "npm"]),
  package: z.string().max(214).describe("The name in its package.json"),
  integrity: z.string().max(200).nullable().describe(
    "What npm's registry says of the archive's content; null without it",
  ),
});
export type Origin = z.output<typeof originSchema>;

/** Who has signed a package, where it is signed at all. */
export const signerSchema = z.strictObject({
  keyId: z.string().regex(/^[0-9A-F]{16}$/).describe("As minisign shows it"),
  name: z.string().max(60).nullable().describe(
    "What the owner calls the key; null where it is not known: then nobody can tell who has signed it",
  ),
});
export type Signer = z.output<typeof signerSchema>;

/** A third-party plugin as the owner let it in. */
export const grantedPluginSchema = z.strictObject({
  manifest: pluginManifestSchema,
  /** Of the files that were let in; others do not run. */
  digest: digestSchema,
  origin: originSchema,
  signer: signerSchema.nullable(),
  /** What of `manifest.wants` the owner has granted. */
  granted: wantsSchema,
  settings: z.record(z.string(), z.json()),
  /** By whom and why it is switched off; null where it is not. */
  off: z.strictObject({ by: z.enum(["owner", "crashes", "changed"]), reason: z.string().max(500) })
    .nullable(),
});
export type GrantedPlugin = z.output<typeof grantedPluginSchema>;

function isNetTarget(text: string): boolean {
  // An address of IPv4 is spelled as one, so that whoever is asked sees which it is.
  if (text.startsWith("[::ffff:")) return false;
  const [, host = "", port] = /^(\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9.-]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return host !== "" && URL.canParse(`http://${host}/`) && new URL(`http://${host}/`).hostname === host &&
    (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535));
}
