import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import type { Cancel, Clock } from "../../core/clock.ts";
import { LatchkeyError } from "../../core/errors.ts";
import { oneAtATime } from "../../core/turns.ts";
import type { StartTool } from "../ffmpeg/tool.ts";
import { freshId } from "../fresh_id.ts";
import type { Frames } from "../frames.ts";
import type { Outlets } from "../outlets.ts";
import type { Handlers, MediaEvent } from "../protocol.ts";
import type { Native } from "../rtc/connection.ts";
import { Talker } from "../rtc/talker.ts";
import type { SoundSpec } from "../spec.ts";
import { convertSound, opusPackets } from "./convert.ts";
import { Floor } from "./floor.ts";
import { AlsaLoudspeaker, type Loudspeaker, SimulatedLoudspeaker } from "./loudspeaker.ts";
import { AlsaMicrophone, type Ear, type Microphone, SimulatedMicrophone } from "./microphone.ts";
import { opusSamples } from "./opus.ts";
import { lengthMs, playBack } from "./playback.ts";

export interface PanelSoundOptions {
  clock: Clock;
  start: StartTool;
  outlets: Outlets;
  /** @throws {LatchkeyError} `media-missing` (503) */
  native(): Promise<Native>;
  /** Where to send from. */
  address(): string | null;
  tell(event: MediaEvent): void;
}

/** So long after the last word the panel is not heard where one is heard at a time, ms. */
const ECHO_MS = 400;

/** The panel's loudspeaker and microphone: who is heard there, and who hears. */
export class PanelSound {
  readonly #options: PanelSoundOptions;
  #spec: SoundSpec | null = null;
  #loudspeaker: Loudspeaker | undefined;
  #microphone: Microphone | undefined;
  readonly #ears = new Map<Ear, Cancel>();
  readonly #inside: Floor;
  readonly #outside: Floor;
  #spokenAt = -Infinity;
  /** By device. */
  readonly #faults = new Map<string, string>();
  #fault = "";
  /** One file after the other: each takes a processor and memory. */
  readonly #inTurn = oneAtATime();

  constructor(options: PanelSoundOptions) {
    this.#options = options;
    const ended = (session: string, why: string) => options.tell({ event: "session-ended", session, why });
    this.#inside = new Floor({
      taken: () => this.#loudspeaker?.open(),
      free: () => this.#loudspeaker?.close(),
      ended,
    });
    this.#outside = new Floor({ taken: () => this.#visited(true), free: () => this.#visited(false), ended });
  }

  readonly handlers: Pick<Handlers, "sound" | "talk" | "speak" | "overhear" | "convert" | "play"> = {
    sound: ({ spec }) => {
      this.#configure(spec);
      return Promise.resolve(null);
    },
    talk: ({ offer }) => {
      if (!this.#loudspeaker) throw none("loudspeaker");
      return this.#admit(this.#inside, offer, (data) => this.#said(data));
    },
    speak: ({ offer }) => {
      const microphone = this.#microphone;
      if (!(microphone instanceof SimulatedMicrophone)) throw none("simulated microphone");
      return this.#admit(this.#outside, offer, (data) => microphone.packet(data));
    },
    overhear: () => {
      const loudspeaker = this.#loudspeaker;
      if (!(loudspeaker instanceof SimulatedLoudspeaker)) throw none("simulated loudspeaker");
      return Promise.resolve({ key: this.#options.outlets.offer(loudspeaker.listen()) });
    },
    convert: async ({ sound }) => {
      const { clock, start, outlets } = this.#options;
      const ogg = await this.#inTurn(() => convertSound(Buffer.from(sound, "base64"), clock, start));
      return { key: outlets.offer(ogg), ms: lengthMs(opusPackets(ogg)) };
    },
    play: ({ sound }) => {
      const { clock } = this.#options;
      const loudspeaker = this.#loudspeaker;
      if (!loudspeaker) throw none("loudspeaker");
      const packets = opusPackets(Buffer.from(sound, "base64"));
      const session = freshId();
      const over = () => this.#inside.over(session, "");
      const ends: Cancel[] = [];
      this.#inside.take({ session, end: () => ends.forEach((end) => end()) });
      ends.push(loudspeaker.whenOpen(() => {
        ends.push(playBack(packets, clock, (data) => this.#said(data), over));
      }));
      return Promise.resolve({ session, ms: lengthMs(packets) });
    },
  };

  /**
   * These pictures, with what the panel's microphone hears in place of the camera's own sound.
   * @param live whether they are heard now, where a loudspeaker may be near
   */
  mix(frames: Frames, live: boolean): Frames {
    return {
      get group() {
        return frames.group;
      },
      listen: (listener) => {
        const { sound } = listener;
        if (!sound) return frames.listen(listener);
        const ear: Ear = (packet, at) => {
          if (!live || !this.#isSpoken) sound(packet, at);
        };
        const stop = frames.listen({
          ...listener,
          sound: (packet, at) => {
            if (!this.#microphone?.live) ear(packet, at);
          },
        });
        this.#ears.set(ear, this.#microphone?.listen(ear) ?? (() => {}));
        return () => {
          stop();
          this.#ears.get(ear)?.();
          this.#ears.delete(ear);
        };
      },
    };
  }

  /** Ends a session where it is one of those that are heard. */
  leave(session: string): boolean {
    return this.#inside.leave(session) || this.#outside.leave(session);
  }

  /** Ends everything; loudspeaker and microphone have to be told anew. */
  forget(): void {
    this.#configure(null);
  }

  get #isSpoken(): boolean {
    return this.#spec?.halfDuplex === true && this.#options.clock.monotonic() - this.#spokenAt < ECHO_MS;
  }

  #said(data: Uint8Array): void {
    if (opusSamples(data) === 0) return;
    this.#spokenAt = this.#options.clock.monotonic();
    this.#loudspeaker?.packet(data);
  }

  #visited(live: boolean): void {
    if (this.#microphone instanceof SimulatedMicrophone) this.#microphone.live = live;
  }

  async #admit(floor: Floor, offer: string, packet: (data: Buffer) => void) {
    const { clock, native, address } = this.#options;
    const session = freshId();
    const { era } = floor;
    const talker = new Talker({
      native: await native(),
      id: session,
      address: address(),
      clock,
      packet: (data) => {
        if (floor.has(session)) packet(data);
      },
      ended: (why) => floor.over(session, why),
    });
    try {
      const answer = await talker.answer(offer);
      if (talker.closed || floor.era !== era) {
        throw new LatchkeyError("session-unknown", "The connection has ended", { status: 404 });
      }
      floor.take({ session, end: () => talker.close() });
      return { session, answer };
    } catch (error) {
      talker.close();
      throw error;
    }
  }

  #configure(spec: SoundSpec | null): void {
    const before = this.#spec;
    if (isDeepStrictEqual(spec, before)) return;
    this.#spec = spec;
    this.#fault = "";
    this.#faults.clear();
    const alike = (name: "loudspeaker" | "microphone" | "volume") =>
      isDeepStrictEqual(spec?.[name], before?.[name]);
    if (!alike("loudspeaker")) this.#inside.clear("the loudspeaker has changed");
    if (!alike("microphone")) this.#outside.clear("the microphone has changed");
    if (!alike("loudspeaker") || !alike("volume")) this.#renewLoudspeaker();
    if (!alike("microphone")) this.#renewMicrophone();
  }

  #renewLoudspeaker(): void {
    const { clock, start } = this.#options;
    const { loudspeaker, volume = 0 } = this.#spec ?? {};
    // A simulated one is as loud as whoever listens wants it.
    if (loudspeaker?.kind === "simulated" && this.#loudspeaker instanceof SimulatedLoudspeaker) return;
    this.#loudspeaker?.end();
    this.#loudspeaker = !loudspeaker
      ? undefined
      : loudspeaker.kind === "simulated"
      ? new SimulatedLoudspeaker()
      : new AlsaLoudspeaker({
        device: loudspeaker.device,
        volume,
        clock,
        start,
        fault: (text) => this.#told(`the loudspeaker ${loudspeaker.device}`, text),
      });
    if (this.#inside.isTaken) this.#loudspeaker?.open();
  }

  #renewMicrophone(): void {
    const { clock, start } = this.#options;
    const { microphone } = this.#spec ?? {};
    this.#microphone?.end();
    this.#microphone = !microphone
      ? undefined
      : microphone.kind === "simulated"
      ? new SimulatedMicrophone(clock)
      : new AlsaMicrophone({
        device: microphone.device,
        clock,
        start,
        fault: (text) => this.#told(`the microphone ${microphone.device}`, text),
      });
    for (const ear of this.#ears.keys()) this.#ears.set(ear, this.#microphone?.listen(ear) ?? (() => {}));
  }

  #told(what: string, fault: string | undefined): void {
    if (fault === undefined) this.#faults.delete(what);
    else this.#faults.set(what, fault);
    const text = [...this.#faults].map(([what, fault]) => `${what}: ${fault}`).join("; ").slice(0, 500);
    if (text === this.#fault) return;
    this.#fault = text;
    this.#options.tell({ event: "sound", fault: text });
  }
}

function none(what: string): LatchkeyError {
  return new LatchkeyError("sound-none", `There is no ${what}`, { status: 404 });
}
