import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../../clock.ts";
import { LatchkeyError } from "../../errors.ts";
import type { LaunchOrder, ProcessEnd } from "../process.ts";
import { type Grounds, pluginCommand } from "./fence.ts";
import { assertPlain, assertUnchanged, makeCache, makeReadable } from "./folder.ts";
import { endCommand, systemdCommand } from "./systemd.ts";

/** What is kept of what a plugin writes to its standard error, characters. */
const LAST_WORDS = 2_000;
/** For the last words of one that has ended, ms. */
const LISTEN_MS = 200;

/** A plugin's process with its pipes. */
export interface Spawned {
  stdin: Writable;
  stdout: Readable;
  ended: Promise<ProcessEnd>;
  kill(): void;
}

export type Spawn = (order: LaunchOrder) => Promise<Spawned>;

let count = 0;

/** Starts plugins on these grounds. @throws {LatchkeyError} `plugin-folder`, `plugin-changed`, `plugin-host-missing` */
export function spawnOn(grounds: Grounds, clock: Clock): Spawn {
  return async (order) => {
    if (!existsSync(join(grounds.host, "child.js"))) {
      throw new LatchkeyError(
        "plugin-host-missing",
        `There is nothing at "${grounds.host}" to run plugins: build it with deno task build`,
      );
    }
    assertPlain(grounds.plugins, order.id);
    await assertUnchanged(grounds.plugins, order);
    const { scope } = grounds;
    const unit = scope && `${scope}-${order.id}-${++count}`;
    if (unit) makeReadable(grounds.plugins, order.id);
    else makeCache(grounds.plugins, order.id);
    const command = unit ? systemdCommand(order, grounds, { unit, scope }) : pluginCommand(order, grounds);
    const { file, args, cwd, env } = command;
    const child = spawn(file, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    let lastWords = "";
    child.stdin.on("error", () => {});
    child.stdout.on("error", () => {});
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      lastWords = (lastWords + text).slice(-LAST_WORDS);
    });
    const silent = new Promise<void>((done) => child.stderr.once("close", () => done()));
    const ended = new Promise<ProcessEnd>((done) => {
      child.once("error", ({ message }) => done({ status: 127, signal: null, lastWords: message }));
      child.once("exit", async (status, signal) => {
        const late = Promise.withResolvers<void>();
        const cancel = clock.after(LISTEN_MS, late.resolve);
        await Promise.race([silent, late.promise]);
        cancel();
        done({ status, signal, lastWords });
      });
    });
    const kill = () => unit ? endUnit(unit, child) : void child.kill("SIGKILL");
    return { stdin: child.stdin, stdout: child.stdout, ended, kill };
  };
}

/** Where it is not known yet, `systemd-run` is kept from making it, or has made it by the second time. */
function endUnit(unit: string, run: ChildProcess): void {
  const { file, args, cwd, env } = endCommand(unit);
  const end = () => spawn(file, args, { cwd, env, stdio: "ignore" }).once("error", () => {});
  end().once("exit", (status) => {
    if (status === 0 || run.exitCode !== null) return;
    run.kill("SIGKILL");
    end();
  });
}
