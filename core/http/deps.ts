import type { Actor } from "../access/model.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { Links } from "../auth/links.ts";
import type { Proofs } from "../auth/proof.ts";
import type { BackupDesk } from "../backup/desk.ts";
import type { SchemaNode } from "../config/json_schema.ts";
import type { ThirdPartyDoor } from "../isolate/door.ts";
import type { Claim } from "../members/claim.ts";
import type { Log } from "../log.ts";
import type { Bus } from "../plugin/bus.ts";
import type { PluginStatus } from "../plugin/host.ts";
import type { Context } from "../plugin/plugin.ts";
import type { Random } from "../random.ts";
import type { SettingsService } from "../settings.ts";
import type { Address } from "./guards.ts";
import type { RouteTable } from "./route_table.ts";

/** What the API shows of the panel's time, and how a person confirms it. */
export interface ClockView {
  trusted(): boolean;
  /** Declares the clock right; durable when it returns. */
  confirm(actor: Actor): void | Promise<void>;
}

/** What `createApi` is made of. Services (access, credentials, calls) come from the core context when a request needs them. */
export interface ApiDeps {
  /** The core's context: services, points, clock, and the signal that ends event streams. */
  core: Context;
  bus: Bus;
  /** The table given to the host as `serve`, so that plugin routes come and go in it. */
  routes: RouteTable;
  log: Log;
  random: Random;
  panel: { name: string; version: string };
  plugins(): PluginStatus[];
  settings: SettingsService;
  thirdParty: Pick<ThirdPartyDoor, "open" | "installer">;
  clockTrust: ClockView;
  authenticator: Authenticator;
  proofs: Proofs;
  links: Links;
  claim: Claim;
  backups: BackupDesk;
  /** What the panel tells of itself to those who want to pair. */
  identity(): Identity;
  /** The certificate to trust, PEM; absent without TLS. */
  rootCertificate?: string;
  /** JSON Schema of the configuration file. */
  configSchema(): SchemaNode;
  /** What it listens on and which further names are its own: decides which Host headers are answered. */
  address: Address;
  /** The built pages; without it there are none. */
  webDir?: string;
}

/** What a stranger may know of the panel. */
export interface Identity {
  /** Stays the same for the panel's life. */
  deviceId: string;
  /** SHA-256 of the certificate to trust, in hexadecimal; null without TLS. */
  fingerprint: string | null;
  claimed: boolean;
}

/** What the server knows of a connection. */
export interface RequestInfo {
  address?: string;
  /** Whether it is encrypted; undefined where there is no connection. */
  secure?: boolean;
  /** Whether all of the request has come. */
  isWhole?: () => boolean;
  /** Lets a body of so many bytes come, where none may else. */
  expect?: (bytes: number) => void;
  /** Cuts the connection, also one whose client has stopped reading. */
  hangUp?: () => void;
}

export interface Api {
  fetch(request: Request, info?: RequestInfo): Promise<Response>;
}
