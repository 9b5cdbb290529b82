import { createReadStream, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { AccessLog } from "../access/access_log.ts";
import type { Actor } from "../access/model.ts";
import { LatchkeyError } from "../errors.ts";
import { membersChanged } from "../members/keys.ts";
import type { Context } from "../plugin/plugin.ts";
import { checkedPassphrase } from "./passphrase.ts";
import { READY, workshop } from "./workshop.ts";

/** A download that has not ended by then is cut: it keeps others from making a backup. */
const LONGEST_DOWNLOAD_MS = 10 * 60_000;

export interface DeskParts {
  accessLog: AccessLog;
  dataDir: string;
  /** The configuration file; undefined where there can be none. */
  configPath: string | undefined;
  name: string;
  version: string;
}

export interface ReadyBackup {
  /** `front-door-2026-11-26.age` */
  fileName: string;
  size: number;
  content: ReadableStream<Uint8Array>;
}

/** Backups of the running panel for its owner: one at a time. */
export interface BackupDesk {
  /**
   * Makes a backup and hands it out; it is gone from the panel when it has been read. It ends with the access of the
   * device that it is for.
   * @throws {LatchkeyError} `passphrase-refused` (400), `token-wrong` (401), `backup-busy` (409), `backup-failed`, and
   *   as `takeSnapshot`
   */
  open(passphrase: string, actor: Actor, deviceId?: string): Promise<ReadyBackup>;
}

export function createBackupDesk(core: Context, parts: DeskParts): BackupDesk {
  const { accessLog, dataDir, configPath, name, version } = parts;
  const shop = workshop(dataDir);
  let current: { deviceId: string | undefined; end(): void } | undefined;
  removeOld(shop);
  core.on(membersChanged, ({ devices }) => {
    if (devices.some((device) => device === current?.deviceId)) current?.end();
  });

  function contentOf(path: string, under: { end(): void }): ReadableStream<Uint8Array> {
    const cancel = core.after(
      LONGEST_DOWNLOAD_MS,
      () => void file.destroy(new Error("The download took too long")),
    );
    const file = createReadStream(path);
    const stop = () => void file.destroy();
    under.end = () => void file.destroy(new Error("This access has ended"));
    core.signal.addEventListener("abort", stop);
    file.once("close", () => {
      cancel();
      core.signal.removeEventListener("abort", stop);
      rmSync(path, { force: true });
      current = undefined;
    });
    return Readable.toWeb(file) as ReadableStream<Uint8Array>;
  }

  return {
    async open(passphrase, actor, deviceId) {
      checkedPassphrase(passphrase);
      if (current) {
        throw new LatchkeyError(
          "backup-busy",
          "Another backup is being made or fetched; wait until it is done",
          {
            status: 409,
          },
        );
      }
      let isOver = false;
      const under = current = { deviceId, end: () => void (isOver = true) };
      const out = join(shop, `${core.freshId()}${READY}`);
      try {
        // Before it is made: whoever leaves with everything the panel knows is in the log, and in the backup's.
        accessLog.append({ kind: "system", outcome: "backup", actor, via: "app" });
        const [{ createBackup }, { configText }] = await Promise.all([
          import("./create.ts"),
          import("./config_text.ts"),
        ]);
        const config = configPath === undefined ? undefined : await configText(configPath);
        const now = core.clock.now();
        const manifest = await createBackup({
          dataDir,
          config,
          name,
          version,
          now,
          gently: true,
          out,
          passphrase,
        });
        if (isOver) {
          throw new LatchkeyError("token-wrong", "This token is no longer good here", { status: 401 });
        }
        const [finding] = manifest.log.findings;
        if (finding !== undefined) {
          core.log.warn("The access log was not whole when it was backed up", { finding });
        }
        return {
          fileName: `${slugOf(name)}-${manifest.madeAt.slice(0, 10)}${READY}`,
          size: statSync(out).size,
          content: contentOf(out, under),
        };
      } catch (error) {
        rmSync(out, { force: true });
        current = undefined;
        throw error;
      }
    },
  };
}

/** What a panel that was killed has not handed out to the end. */
function removeOld(shop: string): void {
  if (!existsSync(shop)) return;
  for (const name of readdirSync(shop)) {
    if (name.endsWith(READY)) rmSync(join(shop, name), { force: true });
  }
}

function slugOf(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(
    /^-|-$/g,
    "",
  ) ||
    "panel";
}
