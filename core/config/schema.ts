import { z } from "zod";
import { zoneSchema } from "../access/model.ts";
import { isListenAddress } from "./listen_address.ts";
import { tlsFaults } from "./tls_rules.ts";

const listenAddress = z.string().refine(isListenAddress, {
  error: "Must be an IP address of this machine, or localhost",
});
const hostName = z.string().min(1).max(253).regex(/^[a-zA-Z0-9._:[\]-]+$/, {
  error: "a host name or an IP address",
});

const path = z.string().min(1).max(4096);

/** What `panel.yaml`, `PANEL_…` variables and flags may say. The plugins' own settings come with the plugins. */
export const configSchema = z.strictObject({
  name: z.string().trim().min(1).max(60).default("Front door")
    .describe("What the household calls this panel"),
  host: listenAddress.default("127.0.0.1").describe("IP address to listen on, or localhost"),
  port: z.number().int().min(0).max(65_535).default(8080).describe("Port to listen on; 0 takes a free one"),
  data: path.default("data").describe("Directory of the database and the keys"),
  board: z.enum(["sim"]).default("sim").describe("Which hardware"),
  hosts: z.array(hostName).max(32).default([])
    .describe("Further names under which browsers may reach the panel, such as door.local"),
  zone: zoneSchema.optional().describe(
    "Time zone of schedules, such as Europe/Rome; the machine's unless given",
  ),
  log: z.strictObject({
    level: z.enum(["debug", "info", "warn", "error"]).default("info").describe("The least severe level kept"),
    format: z.enum(["readable", "json"]).default("readable").describe("For a person or for a machine"),
  }).prefault({}),
  tls: z.strictObject({
    mode: z.enum(["auto", "on", "off"]).default("auto").describe(
      "Whether the panel speaks TLS; auto: wherever other machines can reach it",
    ),
    cert: path.optional().describe("The owner's own certificate, or a chain with it in front: a file, PEM"),
    key: path.optional().describe("The key of that certificate: a file, PEM"),
    redirectPort: z.number().int().min(1).max(65_535).optional().describe(
      "A further port, on which plain HTTP is sent to the one that speaks TLS",
    ),
  }).prefault({}),
  bearerTokens: z.boolean().default(false).describe(
    "Whether services may have a token without a key. Whoever copies such a token can use it",
  ),
  calls: z.strictObject({
    ringSeconds: z.number().int().min(5).max(120).default(30).describe(
      "How long the bell rings until a call is missed",
    ),
    maxMinutes: z.number().int().min(1).max(120).default(10).describe("How long an answered call may last"),
  }).prefault({}),
  plugins: z.record(z.string(), z.unknown()).default({})
    .describe("Settings of each plugin by its id; false leaves a plugin out"),
}).superRefine((config, context) => {
  for (const [field, message] of tlsFaults(config)) {
    context.addIssue({ code: "custom", path: ["tls", field], message });
  }
});

/** A complete configuration. `plugins` holds the parsed settings of every built-in plugin, `false` where disabled. */
export type PanelConfig = z.output<typeof configSchema>;

/** What the loader needs to know of a plugin; `Plugin` fits. */
export interface PluginSchema {
  readonly id: string;
  readonly title: string;
  readonly config: z.ZodType;
}
