import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import type { Duplex } from "node:stream";

/** Where a program finds its link. */
export const LINK_FD = 3;

/** How a program ended: 0 it was asked to, 2 it refused its settings, anything else it died. */
export type Ending = number;

/** A program that was started. */
export interface Program {
  /** It has said something on its standard output, where that is ours to hear. */
  readonly ready: Promise<void>;
  readonly ended: Promise<Ending>;
  /** Closes its standard input, which asks it to end. No signal: on Deno one is taken for the end itself. */
  end(): void;
  kill(): void;
  /** A pipe both ways to its file descriptor 3, where it was to have one. */
  readonly link?: Duplex | undefined;
}

export interface ProgramOptions {
  file: string;
  args: readonly string[];
  /** Deno's permissions; Node has none. */
  flags: readonly string[];
  /** Its environment; this process's own unless given. */
  env?: Record<string, string>;
  /** Hears its first words in place of showing what it says. */
  listen?: boolean;
  /** Gives it a `link`. */
  link?: boolean;
}

/** Starts a file of the project on what this process runs on. Its errors are shown. */
export function startProgram(
  { file, args, flags, env, listen = false, link = false }: ProgramOptions,
): Program {
  const onDeno = process.versions["deno"] !== undefined;
  // On Node `execArgv` holds what makes it run TypeScript.
  const node = file.endsWith(".ts") ? process.execArgv : [];
  const before = onDeno ? ["run", ...flags] : node;
  const child = spawn(process.execPath, [...before, file, ...args], {
    stdio: ["pipe", listen ? "pipe" : "inherit", "inherit", ...(link ? ["pipe" as const] : [])],
    ...(env ? { env } : {}),
  });
  child.stdin?.on("error", () => {});
  return {
    ready: new Promise((done) => child.stdout?.once("data", () => done())),
    ended: endingOf(child, file),
    end: () => void child.stdin?.end(),
    kill: () => void child.kill("SIGKILL"),
    link: link ? child.stdio[LINK_FD] as Duplex : undefined,
  };
}

function endingOf(child: ChildProcess, file: string): Promise<Ending> {
  return new Promise((done) => {
    child.once("exit", (code) => done(code ?? 1));
    child.once("error", (error) => {
      console.error(`Cannot start ${file}: ${error.message}`);
      done(1);
    });
  });
}
