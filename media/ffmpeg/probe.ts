import { spawn } from "node:child_process";

/** What the ffmpeg of this machine can do. */
export interface Abilities {
  /** Write into the picture. */
  text: boolean;
}

export type Probe = { abilities: Abilities } | { missing: string };

/** What root is to run. A machine that was set up only now has no lists of packages yet. */
const INSTALLS: [program: string, command: string][] = [
  ["apt-get", "apt-get update && apt-get install -y ffmpeg"],
  ["pacman", "pacman -S --noconfirm ffmpeg"],
  ["apk", "apk add ffmpeg"],
];
/** Their own ffmpeg lacks what is needed: there is no one command. */
const ELSEWHERE: [program: string, advice: string][] = [
  ["dnf", "Install ffmpeg from RPM Fusion: the system's own lacks libx264"],
  ["zypper", "Install ffmpeg from Packman: the system's own lacks libx264"],
];

/** Looks for ffmpeg and for what it was built with. */
export async function probeFfmpeg(): Promise<Probe> {
  const text = await said("ffmpeg", "-version");
  if (text === undefined) return { missing: `ffmpeg is not installed. ${await howToInstall()}` };
  const lacking = ["libx264", "libopus"].filter((library) => !text.includes(`--enable-${library}`));
  if (lacking.length > 0) {
    return { missing: `this ffmpeg was built without ${lacking.join(" and ")}. ${await howToInstall()}` };
  }
  return { abilities: { text: text.includes("--enable-libfreetype") } };
}

/** By the package manager that is there. */
async function howToInstall(): Promise<string> {
  for (const [program, command] of INSTALLS) {
    if (await isThere(program)) return `Install it with: ${await byRoot(command)}`;
  }
  for (const [program, advice] of ELSEWHERE) if (await isThere(program)) return advice;
  if (await isThere("brew")) return "Install it with: brew install ffmpeg";
  return "Install ffmpeg, with libx264 and libopus";
}

/** As whoever has started the panel can run it. */
async function byRoot(command: string): Promise<string> {
  if ((await said("id", "-u"))?.trim() === "0") return command;
  const whole = command.includes("&&") ? `sh -c '${command}'` : command;
  for (const program of ["sudo", "doas"]) if (await isThere(program)) return `${program} ${whole}`;
  return `su -c '${command}'`;
}

async function isThere(program: string): Promise<boolean> {
  return await new Promise((done) => {
    const child = spawn(program, ["--version"], { stdio: "ignore" });
    child.once("error", () => done(false));
    child.once("close", () => done(true));
  });
}

/** What a program says; undefined where there is none. */
function said(program: string, option: string): Promise<string | undefined> {
  return new Promise((done) => {
    let text = "";
    const child = spawn(program, [option], { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.setEncoding("utf8").on("data", (part: string) => void (text += part));
    child.once("error", () => done(undefined));
    child.once("close", (code) => done(code === 0 ? text : undefined));
  });
}
