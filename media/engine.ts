import type { Readable } from "node:stream";
import type { Clock } from "../core/clock.ts";
import { LatchkeyError } from "../core/errors.ts";
import { Camera } from "./camera.ts";
import { MotionDetector } from "./motion/detector.ts";
import { Lookout } from "./motion/lookout.ts";
import type { Abilities, Probe } from "./ffmpeg/probe.ts";
import type { StartTool } from "./ffmpeg/tool.ts";
import { freshId } from "./fresh_id.ts";
import { Outlets } from "./outlets.ts";
import { jpegs } from "./pictures.ts";
import type { CommandArgs, CommandName, CommandResult, Handlers, MediaEvent } from "./protocol.ts";
import type { Native } from "./rtc/connection.ts";
import { Viewer } from "./rtc/viewer.ts";
import { recording } from "./recording.ts";
import { Ring } from "./ring.ts";
import { Snapshots } from "./snapshots.ts";
import { PanelSound } from "./sound/panel_sound.ts";
import type { CameraSpec, Definition } from "./spec.ts";
import { MOST_JPEGS, MOST_RECORDINGS, MOST_VIEWERS, SIZES } from "./spec.ts";

export interface EngineOptions {
  clock: Clock;
  probe(): Promise<Probe>;
  start: StartTool;
  /** What speaks WebRTC; why there is none where it can't be loaded. */
  native(): Promise<Native | string>;
  tell(event: MediaEvent): void;
}

interface Session {
  camera: string;
  viewer: Viewer;
}

interface Kept {
  definition: Definition;
  ring: Ring | undefined;
}

/** All that the media process does: cameras, those who watch, pictures. */
export class Engine {
  readonly outlets: Outlets;
  readonly #options: EngineOptions;
  readonly #specs = new Map<string, CameraSpec>();
  readonly #cameras = new Map<string, Camera>();
  readonly #sessions = new Map<string, Session>();
  readonly #jpegs = new Set<Readable>();
  readonly #recordings = new Set<Readable>();
  /** By camera what was asked for last, while it waits for ffmpeg too. */
  readonly #rings = new Map<string, Kept>();
  readonly #lookouts = new Map<string, { lookout: Lookout | undefined }>();
  readonly #snapshots: Snapshots;
  readonly #sound: PanelSound;
  readonly #handlers: Handlers;
  #abilities: Abilities | undefined;
  #missing = "";
  #address: string | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.outlets = new Outlets(options.clock);
    const { clock, start, tell } = options;
    this.#snapshots = new Snapshots(clock, start);
    this.#sound = new PanelSound({
      clock,
      start,
      tell,
      outlets: this.outlets,
      native: () => this.#native(),
      address: () => this.#address,
    });
    this.#handlers = { ...this.#ofCameras, ...this.#sound.handlers };
  }

  get state(): MediaEvent {
    return { event: "state", missing: this.#missing };
  }

  /** How many programs run for the cameras. */
  get programs(): number {
    return this.#cameras.values().reduce((sum, { programs }) => sum + programs, 0);
  }

  /** Looks for ffmpeg, where it was not found yet. */
  async look(): Promise<void> {
    if (this.#abilities) return;
    const found = await this.#options.probe();
    if ("abilities" in found) this.#abilities = found.abilities;
    this.#lacks("missing" in found ? found.missing : "");
  }

  /** @throws {LatchkeyError} whatever refuses it */
  async run<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandResult<Name>> {
    return await (this.#handlers[name] as Handlers[Name])(args);
  }

  /** Ends everything; cameras have to be told anew. */
  forget(): void {
    for (const session of [...this.#sessions.keys()]) this.#leave(session);
    for (const stream of [...this.#jpegs, ...this.#recordings]) stream.destroy();
    for (const id of this.#rings.keys()) this.#keepNothing(id);
    for (const id of this.#lookouts.keys()) this.#lookAway(id);
    for (const camera of this.#cameras.values()) camera.end();
    this.#cameras.clear();
    this.#specs.clear();
    this.#snapshots.end();
    this.#sound.forget();
    this.outlets.end();
  }

  readonly #ofCameras: Omit<Handlers, keyof PanelSound["handlers"]> = {
    configure: ({ cameras, address }) => {
      this.#address = address;
      // What is under way is of the settings before.
      this.#snapshots.renew();
      this.#specs.clear();
      for (const spec of cameras) this.#specs.set(spec.id, spec);
      for (const [id, camera] of this.#cameras) {
        const spec = this.#specs.get(id);
        if (spec) camera.change(spec);
        else this.#drop(id, camera);
      }
      return Promise.resolve(null);
    },
    view: async ({ camera: id, definition, offer }) => {
      assertRoom(this.#sessions, MOST_VIEWERS, "viewers-busy", "are watching already");
      const camera = await this.#camera(id);
      const frames = this.#sound.mix(camera.frames(definition), true);
      const native = await this.#native();
      // Meanwhile whoever asked may be gone.
      if (this.#cameras.get(id) !== camera) throw unknownCamera(id);
      const session = freshId();
      const viewer = new Viewer({
        native,
        id: session,
        address: this.#address,
        clock: this.#options.clock,
        ended: (why) => this.#ended(session, why),
      });
      this.#sessions.set(session, { camera: id, viewer });
      try {
        const answer = await viewer.answer(offer);
        if (!this.#sessions.has(session)) throw unknownCamera(id);
        viewer.show(frames);
        return { session, answer };
      } catch (error) {
        this.#leave(session);
        throw error;
      }
    },
    choose: async ({ session, definition }) => {
      const frames = (await this.#camera(this.#session(session).camera)).frames(definition);
      // It may have ended meanwhile: who is gone is shown nothing.
      this.#session(session).viewer.show(this.#sound.mix(frames, true));
      return null;
    },
    presented: ({ session }) =>
      Promise.resolve({ ms: this.#sessions.get(session)?.viewer.presentedMs() ?? null }),
    leave: ({ session }) => {
      if (!this.#sound.leave(session)) this.#leave(session);
      return Promise.resolve(null);
    },
    snapshot: async ({ camera, definition }) => {
      const frames = (await this.#camera(camera)).frames(definition);
      return { key: this.outlets.offer(await this.#snapshots.take(`${camera} ${definition}`, frames)) };
    },
    keep: async ({ camera, definition, ms, sound }) => {
      this.#keepNothing(camera);
      if (ms === 0) return null;
      const kept: Kept = { definition, ring: undefined };
      this.#rings.set(camera, kept);
      const frames = await this.#heard(camera, definition, sound);
      if (this.#rings.get(camera) === kept) kept.ring = new Ring(frames, ms);
      return null;
    },
    detect: async ({ camera: id, definition, watch }) => {
      this.#lookAway(id);
      if (!watch) return null;
      const kept: { lookout: Lookout | undefined } = { lookout: undefined };
      this.#lookouts.set(id, kept);
      const frames = (await this.#camera(id)).frames(definition);
      if (this.#lookouts.get(id) !== kept) return null;
      const { clock, start, tell } = this.#options;
      const detected = () => tell({ event: "detected", camera: id, what: "motion" });
      const detector = () => new MotionDetector(watch);
      kept.lookout = new Lookout({ frames, detector, clock, start, detected });
      return null;
    },
    record: async ({ camera, definition, sound }) => {
      assertRoom(this.#recordings, MOST_RECORDINGS, "recordings-busy", "recordings are under way already");
      const frames = await this.#heard(camera, definition, sound);
      const kept = this.#rings.get(camera);
      const stream = recording({
        frames,
        size: SIZES[definition],
        hasSound: sound,
        ring: kept?.definition === definition ? kept.ring : undefined,
      });
      this.#recordings.add(stream);
      stream.once("close", () => this.#recordings.delete(stream));
      return { key: this.outlets.offer(stream) };
    },
    jpegs: async ({ camera, definition, fps }) => {
      assertRoom(this.#jpegs, MOST_JPEGS, "viewers-busy", "streams of pictures are open already");
      const stream = jpegs((await this.#camera(camera)).frames(definition), fps, this.#options.start);
      this.#jpegs.add(stream);
      stream.once("close", () => this.#jpegs.delete(stream));
      return { key: this.outlets.offer(stream) };
    },
  };

  /** @throws {LatchkeyError} `session-unknown` (404) */
  #session(id: string): Session {
    const session = this.#sessions.get(id);
    if (session) return session;
    throw new LatchkeyError("session-unknown", "This session is over", { status: 404 });
  }

  async #camera(id: string): Promise<Camera> {
    await this.look();
    const known = this.#cameras.get(id);
    if (known) return known;
    const spec = this.#specs.get(id);
    if (!spec) throw unknownCamera(id);
    if (!this.#abilities) throw missing(this.#missing);
    const { clock, start, tell } = this.#options;
    const camera = new Camera({
      spec,
      abilities: this.#abilities,
      clock,
      start,
      fault: (text) => tell({ event: "camera", camera: id, fault: text.slice(0, 500) }),
    });
    this.#cameras.set(id, camera);
    return camera;
  }

  /** For recordings: the microphone is open only where its sound is wanted. */
  async #heard(id: string, definition: Definition, sound: boolean) {
    const frames = (await this.#camera(id)).frames(definition);
    return sound ? this.#sound.mix(frames, false) : frames;
  }

  async #native(): Promise<Native> {
    const native = await this.#options.native();
    this.#lacks(typeof native === "string" ? native : "");
    if (typeof native === "string") throw missing(native);
    return native;
  }

  #lacks(text: string): void {
    if (text === this.#missing) return;
    this.#missing = text;
    this.#options.tell(this.state);
  }

  #leave(id: string): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    session?.viewer.close();
  }

  #ended(id: string, why: string): void {
    this.#leave(id);
    this.#options.tell({ event: "session-ended", session: id, why });
  }

  #keepNothing(id: string): void {
    this.#rings.get(id)?.ring?.end();
    this.#rings.delete(id);
  }

  #lookAway(id: string): void {
    this.#lookouts.get(id)?.lookout?.end();
    this.#lookouts.delete(id);
  }

  #drop(id: string, camera: Camera): void {
    this.#cameras.delete(id);
    this.#lookAway(id);
    this.#keepNothing(id);
    camera.end();
    for (const [session, { camera }] of this.#sessions) {
      if (camera === id) this.#ended(session, "the camera is gone");
    }
  }
}

function assertRoom({ size }: { size: number }, most: number, code: string, what: string): void {
  if (size >= most) throw new LatchkeyError(code, `${most} ${what}`, { status: 503 });
}

function unknownCamera(id: string): LatchkeyError {
  return new LatchkeyError("camera-unknown", `There is no camera "${id}"`, { status: 404 });
}

function missing(what: string): LatchkeyError {
  return new LatchkeyError("media-missing", `There is no picture: ${what}`, { status: 503 });
}
