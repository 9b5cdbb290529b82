import assert from "node:assert/strict";
import type { Buffer } from "node:buffer";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { timeCells } from "../../media/ffmpeg/simulated.ts";
import { SIZES } from "../../media/spec.ts";
import { played } from "../../media/testing/movie.ts";
import { ffmpeg } from "../../media/testing/pixels.ts";
import type { Clip, RecorderView } from "../../plugins/recorder/keys.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { childOf, PanelProcess, Visitor } from "../boot/panel_process.ts";
import { until } from "../soon.ts";

const BASE = "/plugins/recorder";
const PASSWORD = "correct horse battery";
/** All of the picture but the camera's clock: so little is left that a chunk of age lasts for many seconds. */
const COVERED = [
  { x: 0, y: 0, width: 1_000, height: 165 },
  { x: 0, y: 240, width: 1_000, height: 760 },
  { x: 310, y: 165, width: 690, height: 75 },
];
const CHUNK = 64 * 1024;
/** How far the recordings come before the panel is killed: about four seconds. */
const FRAGMENTS = 8;
/**
 * Both recordings are of the same fragments, of half a second. On a busy machine fragments come in bunches, and a whole
 * bunch may have come to one file only, ms. Chunks that were not filled up would cost all of the four seconds and more.
 */
const MARGIN_MS = 1_500;

class Home {
  readonly #panel: PanelProcess;
  readonly #card: string;
  #visitor: Visitor;

  constructor(panel: PanelProcess, visitor: Visitor, data: string) {
    this.#panel = panel;
    this.#visitor = visitor;
    this.#card = join(data, "cards", "card-1");
  }

  async must<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const reply = await this.#visitor.api<T>(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  async card(state: string): Promise<void> {
    await until(async () => (await this.must<RecorderView>("GET", `${BASE}/state`)).card.state === state);
  }

  files(pattern: RegExp): string[] {
    return readdirSync(this.#card).filter((name) => pattern.test(name));
  }

  read(name: string): Buffer {
    return readFileSync(join(this.#card, name));
  }

  /** What a player gets: its bytes, or the code of the refusal. */
  async watch({ id }: Clip): Promise<Uint8Array | string> {
    const url = `${this.#visitor.origin}/api/v1${BASE}/clips/${id}/video`;
    const response = await this.#visitor.device.send(fetch, "GET", url);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : (await response.json()).code;
  }

  /** SIGKILL of the runtime; resolved when its successor answers. */
  async kill(): Promise<void> {
    process.kill(childOf(this.#panel.child.pid!, RUNTIME_FILE), "SIGKILL");
    await this.#panel.says(/The runtime has ended unexpectedly/);
    this.#visitor = await Visitor.of(this.#panel, this.#visitor.device);
  }
}

/** The camera's clock in the last picture of a film, ms, modulo 65,536. */
function lastTime(path: string): number {
  const cells = timeCells(SIZES.hd);
  const { width } = SIZES.hd;
  const row = `crop=${width}:2:0:${cells[0]!.y},format=gray`;
  const pixels = ffmpeg(["-i", path, "-vf", row, "-f", "rawvideo", "pipe:1"]);
  const last = pixels.subarray(pixels.length - width * 2);
  return cells.reduce((sum, { x }, bit) => sum + (last[x]! > 128 ? 2 ** bit : 0), 0);
}

Deno.test({
  name:
    "B-REC-4, B-REC-6: kill -9 of the panel in two recordings: both play, the index is right, and the encrypted one lost no more than the plain one",
  ignore: findFfmpeg() === undefined,
  fn: inTempDir(async (data) => {
    await using panel = new PanelProcess([
      ...["--port", "0", "--data", data],
      ...["--plugins.camera.privacyAreas", JSON.stringify(COVERED)],
    ]);
    const home = new Home(panel, await Visitor.of(panel), data);
    await home.card("uninitialized");
    await home.must("POST", `${BASE}/card/initialize`, { confirm: "erase" });
    await home.card("normal");

    await home.must("POST", `${BASE}/recording`);
    await until(() => home.files(/_manual_.*\.mp4\.part$/).length === 1);
    await home.must("PUT", `${BASE}/password`, { password: PASSWORD, current: null });
    await home.must("POST", "/plugins/simulator/inputs/bell/press");
    await until(() => home.files(/_call_.*\.mp4\.age\.part$/).some((name) => home.read(name).length > CHUNK));
    const [plain = ""] = home.files(/_manual_/);
    const fragments = () => home.read(plain).toString("latin1").split("moof").length - 1;
    const goal = fragments() + FRAGMENTS;
    await until(() => fragments() >= goal);
    await home.kill();

    await home.card("normal");
    const cut = async () => (await home.must<Clip[]>("GET", `${BASE}/clips`)).filter(({ ms }) => ms !== null);
    await until(async () => (await cut()).length === 2);
    const clips = await cut();
    const call = clips.find(({ cause }) => cause === "call")!;
    const manual = clips.find(({ cause }) => cause === "manual")!;
    assert.deepEqual([call.sealed, manual.sealed], [true, false]);
    assert.match(call.call ?? "", /./, "it is known whose it is");
    for (const { id, bytes, ms } of clips) {
      const [name = ""] = home.files(new RegExp(`${id}_${ms}ms.*mp4`));
      assert.equal(home.read(name).length, bytes, "the index says what is on the card");
    }
    assert.deepEqual(home.files(new RegExp(`(${call.id}|${manual.id}).*part`)), []);

    await home.must("POST", `${BASE}/recording`);
    await until(() => home.files(/_manual_.*\.mp4\.age\.part$/).length === 1);
    assert.equal(
      await home.watch(call),
      "recordings-locked",
      "it goes on without the password, and asks for it",
    );
    await home.must("POST", `${BASE}/unlock`, { password: PASSWORD });
    const ends: number[] = [];
    for (const clip of [manual, call]) {
      const film = await home.watch(clip);
      assert.ok(typeof film !== "string", `it was refused: ${film}`);
      const path = join(data, `${clip.cause}.mp4`);
      writeFileSync(path, film);
      const { frames, seconds, complaints } = played(path);
      assert.equal(complaints, "");
      assert.ok(frames >= FRAGMENTS, `${frames} pictures of ${clip.cause}`);
      if (!clip.sealed) assert.ok(Math.abs(seconds * 1_000 - clip.ms!) < 100, `${seconds} s, ${clip.ms} ms`);
      ends.push(lastTime(path));
    }
    const [plainEnd = 0, sealedEnd = 0] = ends;
    const lostMore = (plainEnd - sealedEnd + 65_536 + 32_768) % 65_536 - 32_768;
    assert.ok(lostMore <= MARGIN_MS, `the encrypted one ends ${lostMore} ms before the plain one`);
    assert.equal(
      (await home.must<{ outcome: string }>("POST", "/access-points/lock/release", {})).outcome,
      "released",
    );
    panel.signalAll("SIGINT");
    await panel.end();
  }),
});
