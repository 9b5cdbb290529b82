import { z } from "zod";
import { defineEvent, defineService } from "../core/mod.ts";
import { type CameraSpec, type Definition, detectedSchema, type SoundSpec, type Watch } from "./spec.ts";

export {
  type Area,
  areasSchema,
  type CameraSpec,
  type Definition,
  definitionSchema,
  definitionsOf,
  type Detected,
  detectedSchema,
  type Image,
  imageSchema,
  JPEG_BOUNDARY,
  LARGEST_SOUND_BYTES,
  LONGEST_SOUND_MS,
  MOST_JPEGS,
  MOST_VIEWERS,
  type SoundSpec,
  type Source,
  type Watch,
  watchSchema,
} from "./spec.ts";

export { passedThrough } from "./ffmpeg/filters.ts";
export { type Endable, endable } from "./streams.ts";

/** What the media process does for plugins. Everything may be refused with `media-away` and `media-missing` (503). */
export interface MediaService {
  /**
   * Sets up a camera, or with null takes it away; kept until the plugin that asked for it stops, also when the process
   * dies meanwhile. Resolved when nobody is shown a picture of the settings before.
   */
  setCamera(id: string, spec: CameraSpec | null): Promise<void>;
  /**
   * Answers a viewer's offer (WHEP).
   * @throws {LatchkeyError} `offer-invalid` (400), `codec-unknown` (406), `definition-unknown` (404), `viewers-busy`
   */
  view(view: { camera: string; definition: Definition; offer: string }): Promise<Viewing>;
  /** Shows a viewer another definition. @throws {LatchkeyError} `session-unknown`, `definition-unknown` (404) */
  choose(session: string, definition: Definition): Promise<void>;
  /** How long ago at most a viewer presented a picture, ms, as its session proves; undefined where it does not. */
  presentedMs(session: string): Promise<number | undefined>;
  /** Ends a viewer's session; nothing where it is over already. */
  leave(session: string): Promise<void>;
  /** The picture now, JPEG. @throws {LatchkeyError} `picture-none` (503), `definition-unknown` (404) */
  snapshot(camera: string, definition: Definition): Promise<Uint8Array>;
  /** Keeps the last of a camera, ms at most 30,000, for recordings of this definition to begin with; 0 ends it. */
  keep(kept: { camera: string; definition: Definition; ms: number; sound: boolean }): Promise<void>;
  /** Looks at a definition all the time, and tells what it detects; null ends it. */
  detect(camera: string, definition: Definition, watch: Watch | null): Promise<void>;
  /**
   * Pictures, and sound where it is wanted, as a fragmented MP4: its head, then fragments of a second at most. Goes on
   * until it is cancelled, or ends where the media process does.
   * @throws {LatchkeyError} `definition-unknown` (404), `recordings-busy` (503)
   */
  record(
    recording: { camera: string; definition: Definition; sound: boolean },
  ): Promise<ReadableStream<Uint8Array>>;
  /** Pictures, JPEG, as parts of a multipart message with the boundary `JPEG_BOUNDARY`; `fps` 1 to 15 a second. */
  jpegs(camera: string, definition: Definition, fps: number): Promise<ReadableStream<Uint8Array>>;
  /** Sets up the panel's loudspeaker and microphone, or with null takes them away; kept as `setCamera` is. */
  setSound(spec: SoundSpec | null): Promise<void>;
  /**
   * Lets one be heard at the loudspeaker (WHIP), in place of whoever is: a session that ends by `leave`.
   * @throws {LatchkeyError} `sound-none` (404), `offer-invalid` (400), `codec-unknown` (406)
   */
  talk(offer: string): Promise<Viewing>;
  /** Lets one speak into the simulated microphone, as `talk` does. @throws {LatchkeyError} as `talk` */
  speak(offer: string): Promise<Viewing>;
  /** What the simulated loudspeaker gives, Ogg with Opus. @throws {LatchkeyError} `sound-none` (404) */
  overhear(): Promise<ReadableStream<Uint8Array>>;
  /**
   * Makes what can be played of a file with sound, at most `LARGEST_SOUND_BYTES`; of its first `LONGEST_SOUND_MS`.
   * @throws {LatchkeyError} `sound-unknown` (422)
   */
  convert(file: Uint8Array): Promise<{ sound: Uint8Array; ms: number }>;
  /**
   * Plays what `convert` made, in place of whoever is heard: a session that ends by itself or by `leave`.
   * @throws {LatchkeyError} `sound-none` (404)
   */
  play(sound: Uint8Array): Promise<{ session: string; ms: number }>;
}

export interface Viewing {
  session: string;
  /** The answer to the offer, whole: no candidates follow. */
  answer: string;
}

export const mediaService = defineService<MediaService>("media");

/** Whether a camera gives a picture. `fault` says why not; empty where it does, or nobody has looked. */
export const mediaCameraChanged = defineEvent(
  "media.camera-changed",
  z.strictObject({ camera: z.string(), fault: z.string() }),
  { audience: "internal" },
);

/** A camera has seen something; told again every two seconds while it goes on. */
export const mediaDetected = defineEvent(
  "media.detected",
  z.strictObject({ camera: z.string(), what: detectedSchema }),
  { audience: "internal" },
);

/** Whether loudspeaker and microphone work. `fault` says why not; empty where they do, or nobody has tried. */
export const mediaSoundChanged = defineEvent("media.sound-changed", z.strictObject({ fault: z.string() }), {
  audience: "internal",
});

/** A session is over, and not by `leave`; `why` is empty where it had come to its end. */
export const mediaSessionEnded = defineEvent(
  "media.session-ended",
  z.strictObject({ session: z.string(), why: z.string() }),
  { audience: "internal" },
);
