import { spawn } from "node:child_process";

/** What the ffmpeg of this machine can do. */
export interface Abilities {
  /** Write into the picture. */
  text: boolean;
}

export type Probe = { abilities: Abilities } | { missing: string };

const INSTALLS: [program: string, command: string][] = [
  ["apt-get", "sudo apt-get install -y ffmpeg"],
  ["dnf", "sudo dnf install -y ffmpeg"],
  ["pacman", "sudo pacman -S --noconfirm ffmpeg"],
  ["apk", "doas apk add ffmpeg"],
  ["zypper", "sudo zypper install -y ffmpeg"],
  ["brew", "brew install ffmpeg"],
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
    if (await said(program, "--version") !== undefined) return `Install it with: ${command}`;
  }
  return "Install ffmpeg, with libx264 and libopus";
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
