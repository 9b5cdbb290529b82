import { type ChildProcess, spawn } from "node:child_process";
import type { Cancel, Clock } from "../../clock.ts";
import { scopeCommand } from "./systemd.ts";

/** Between the end of a scope that somebody has stopped and the next, ms. */
const AGAIN_MS = 500;

export interface Scope {
  /** Ends all units that are bound to it. */
  close(): void;
}

/**
 * Opens the scope that the units of plugins are bound to. It ends with this process, and they with it, even where this
 * one is killed and a plugin hears nothing.
 * @returns it, once it is there or once it is said why it isn't
 */
export async function openScope(name: string, clock: Clock, say: (line: string) => void): Promise<Scope> {
  let child: ChildProcess | undefined;
  let cancel: Cancel = () => {};
  let closed = false;
  const open = () =>
    new Promise<void>((done) => {
      const { file, args, cwd, env } = scopeCommand(name);
      const now = child = spawn(file, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
      let words = "";
      now.stdin.on("error", () => {});
      now.stdin.write("\n");
      now.stdout.once("data", () => done());
      now.stderr.setEncoding("utf8").on("data", (text: string) => words += text);
      now.once("error", ({ message }) => words += message);
      now.once("close", () => {
        done();
        if (closed) return;
        say(
          `systemd has no scope for plugins, which end until there is one: ${words.trim() || "it has ended"}`,
        );
        cancel = clock.after(AGAIN_MS, () => void open());
      });
    });
  await open();
  return {
    close() {
      closed = true;
      cancel();
      child?.stdin?.end();
    },
  };
}
