import { execFileSync } from "node:child_process";
import { Buffer } from "node:buffer";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { FlvReader } from "../media/flv.ts";
import type { Frame, Parameters } from "../media/frames.ts";
import { parameterSets } from "../media/h264.ts";
import { Mp4Recorder } from "../media/mp4/recorder.ts";
import { SIZES } from "../media/spec.ts";
import { ffmpeg, H264 } from "../media/testing/pixels.ts";
import { CardFiles } from "../plugins/recorder/card/files.ts";
import { wholeParts } from "../plugins/recorder/clip/boxes.ts";
import { ClipWriter } from "../plugins/recorder/clip/writer.ts";
import { ratio, type Row, type Table } from "./table.ts";

const SECONDS = 60;
/** So long that starting a program does not count. */
const TIMES = 10;
const MOST_RATIO = 1.2;

/** Processor time that ten minutes of HD take to be recorded: by this program, and by ffmpeg that copies them. */
export async function recording(repeats: number): Promise<Table[]> {
  const dir = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  try {
    const source = join(dir, "source.flv");
    const coding = [
      ...H264,
      "-b:v",
      "2M",
      "-g",
      "13",
    ];
    ffmpeg(["-f", "lavfi", "-i", `testsrc2=size=1280x720:rate=25:duration=${SECONDS}`, ...coding, source]);
    const camera = read(source);
    const recipient = await identityToRecipient(await generateX25519Identity());
    const rows: Row[] = ["ffmpeg -c copy", "recorded", "and synced each second", "and encrypted"].map((
      name,
    ) => ({
      name,
      figures: [],
    }));
    // A panel that records has done it before.
    await recorded(camera, dir, { syncs: false });
    for (let run = 0; run < repeats; run++) {
      const figures = [
        copied(source, dir),
        await recorded(camera, dir, { syncs: false }),
        await recorded(camera, dir, { syncs: true }),
        await recorded(camera, dir, { syncs: true, recipient }),
      ];
      figures.forEach((figure, i) => rows[i]!.figures.push(figure));
    }
    return [{
      title: `Ten minutes of HD at 2 Mbit/s, recorded`,
      unit: "ms of the processor",
      rows,
      checks: [ratio("recorded against ffmpeg", rows[1]!, rows[0]!, MOST_RATIO)],
    }];
  } finally {
    rmSync(dir, { recursive: true });
  }
}

interface Camera {
  parameters: Parameters;
  frames: Frame[];
}

function read(path: string): Camera {
  let config = Buffer.alloc(0);
  const frames: Frame[] = [];
  new FlvReader((tag) => {
    if (tag.kind === "config") config = Buffer.from(tag.data);
    else frames.push({ at: tag.at, key: tag.key, data: Buffer.from(tag.data) });
  }).push(readFileSync(path));
  return { parameters: { config, units: parameterSets(config) }, frames };
}

interface Way {
  /** ffmpeg does not. */
  syncs: boolean;
  recipient?: string;
}

async function recorded(
  { parameters, frames }: Camera,
  dir: string,
  { syncs, recipient }: Way,
): Promise<number> {
  const files = new CardFiles(dir);
  const name = `clip-${recipient === undefined ? "plain" : "sealed"}.mp4`;
  await files.remove(name);
  const made = await files.create(name);
  const file = syncs ? made : { ...made, sync: () => Promise.resolve() };
  const before = process.cpuUsage();
  let now = 0;
  const writer = await ClipWriter.begin({ file, recipient, now: () => now });
  const split = wholeParts();
  const pieces: Buffer[] = [];
  const mp4 = new Mp4Recorder({ size: SIZES.hd, hasSound: false, write: (bytes) => void pieces.push(bytes) });
  mp4.parameters(parameters);
  for (let time = 0; time < TIMES; time++) {
    for (const frame of frames) {
      now = frame.at + time * SECONDS * 1_000;
      mp4.frame({ ...frame, at: now });
      for (const piece of pieces.splice(0)) {
        for (const part of split(piece)) await writer.write(part);
      }
    }
  }
  await writer.end();
  const { user, system } = process.cpuUsage(before);
  await file.close();
  return (user + system) / 1_000;
}

function copied(source: string, dir: string): number {
  const out = ["-c", "copy", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4"];
  const command = ["ffmpeg", "-v", "error", "-y", "-stream_loop", String(TIMES - 1), "-i", source, ...out];
  const said = execFileSync("bash", ["-c", `"$@" >&2; times`, "bash", ...command, join(dir, "copy.mp4")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  // The second line is what its children took: user, then system.
  const spent = [...said.split("\n")[1]!.matchAll(/(\d+)m([\d.]+)s/g)];
  return spent.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000,
    0,
  );
}
