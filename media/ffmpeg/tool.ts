import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import type { Readable, Writable } from "node:stream";
import type { Command } from "./commands.ts";

/** A program of the machine while it runs. */
export interface Tool {
  output: Readable;
  /** Undefined where it has none. */
  sound: Readable | undefined;
  input: Writable | undefined;
  /** What it said last, once it is over, however it ended. */
  ended: Promise<string>;
  kill(): void;
}

/** @param takesInput whether it is given something to read */
export type StartTool = (command: Command, takesInput: boolean) => Tool;

/** Of what it says only the end is kept, characters. */
const SAID = 2_000;

export const startTool: StartTool = ({ program, args, hasSound, zone }, takesInput) => {
  const child = spawn(program, args, {
    stdio: [takesInput ? "pipe" : "ignore", "pipe", "pipe", ...(hasSound ? ["pipe" as const] : [])],
    env: { PATH: process.env["PATH"] ?? "", ...(zone === null ? {} : { TZ: zone }) },
  });
  child.stdin?.on("error", () => {});
  return {
    output: child.stdout!,
    sound: hasSound ? child.stdio[3] as Readable : undefined,
    input: child.stdin ?? undefined,
    ended: endOf(child),
    kill: () => void child.kill("SIGKILL"),
  };
};

function endOf(child: ChildProcess): Promise<string> {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => void (said = (said + text).slice(-SAID)));
  return new Promise((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", () => done(lastWords(said)));
  });
}

/** What ffmpeg's ALSA says is followed by what came of it, of which the device's name is no part. */
const OF_ALSA = /^\[alsa @ \w+\] /;

/** Its last line that says why, without what an address may hold of a user and a password. */
function lastWords(said: string): string {
  const lines = said.trim().split("\n");
  const line = lines.findLast((line) => OF_ALSA.test(line))?.replace(OF_ALSA, "") ?? lines.at(-1) ?? "";
  return line.replace(/(\w+:\/\/)[^\s/@]*@/g, "$1");
}
