import { Buffer } from "node:buffer";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { Sound } from "../../media/testing/sound.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { MediaProcess } from "./media_process.ts";

/**
 * The media process with this machine's ffmpeg and ALSA, whose devices are files: no card is needed. ALSA is told of
 * them by a wrapper around ffmpeg, as the process gives its programs no environment of their own.
 */
export class AlsaPanel implements AsyncDisposable {
  readonly media: MediaProcess;
  readonly #dir: string;
  #mouth: ChildProcess | undefined;

  constructor(dir: string) {
    const [data, bin] = [join(dir, "data"), join(dir, "bin")];
    mkdirSync(data);
    mkdirSync(bin);
    this.#dir = dir;
    const wrapper = [
      "#!/bin/sh",
      `echo "$*" >> '${this.#log}'`,
      `ALSA_CONFIG_PATH='${this.#config}' exec '${findFfmpeg()}' "$@"`,
      "",
    ];
    writeFileSync(join(bin, "ffmpeg"), wrapper.join("\n"));
    chmodSync(join(bin, "ffmpeg"), 0o755);
    writeFileSync(this.#log, "");
    this.define();
    this.media = new MediaProcess(data, `${bin}${delimiter}${process.env["PATH"]}`);
  }

  get #log(): string {
    return join(this.#dir, "log");
  }

  get #config(): string {
    return join(this.#dir, "asound.conf");
  }

  /** These devices and no others, as `asound.conf` has them. */
  define(...devices: string[]): void {
    writeFileSync(this.#config, devices.join("\n"));
  }

  /** A device that converts, as `plughw` does, for one that has only two channels; what it plays is kept. */
  loudspeaker(name: string): string {
    const file = join(this.#dir, "played");
    return `pcm.${name} {
      @args [ CARD DEV ]
      @args.CARD { type string default "0" }
      @args.DEV { type integer default 0 }
      type plug
      slave { channels 2 format S16_LE pcm { type file file "${file}" format raw slave.pcm { type null } } }
    }`;
  }

  /** A device that hears what `speak` says. */
  microphone(name: string): string {
    return `pcm.${name} { type file file "/dev/null" infile "${this.#ear}" format raw slave.pcm { type null } }`;
  }

  get #ear(): string {
    return join(this.#dir, "ear");
  }

  /** A tone is heard by the microphone while it is open. @returns once it is not any more */
  speak(hertz: number): Promise<unknown> {
    spawnSync("mkfifo", [this.#ear]);
    const tone = ["-re", "-f", "lavfi", "-i", `sine=frequency=${hertz}:sample_rate=48000`];
    const raw = ["-f", "s16le", "-ac", "2", "-flush_packets", "1", "-y", this.#ear];
    this.#mouth = spawn(findFfmpeg()!, ["-loglevel", "quiet", ...tone, ...raw], { stdio: "ignore" });
    return once(this.#mouth, "exit");
  }

  /** What the loudspeaker has played up to now: its left channel. */
  get played(): Sound {
    const file = join(this.#dir, "played");
    const { buffer, byteOffset, byteLength } = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    const both = new Int16Array(buffer.slice(byteOffset, byteOffset + byteLength - byteLength % 4));
    return new Sound(both.filter((_, i) => i % 2 === 0), 48_000);
  }

  /** How often programs were started for a device. */
  started(device: string): number {
    return readFileSync(this.#log, "utf8").split("\n").filter((line) => line.split(" ").includes(device))
      .length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#mouth?.kill("SIGKILL");
    await this.media[Symbol.asyncDispose]();
  }
}
