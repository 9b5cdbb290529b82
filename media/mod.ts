import { Buffer } from "node:buffer";
import { definePlugin, errorText, isEverywhere, isLoopback, panelService, type Plugin } from "../core/mod.ts";
import {
  mediaCameraChanged,
  mediaDetected,
  type MediaService,
  mediaService,
  mediaSessionEnded,
  mediaSoundChanged,
} from "./keys.ts";
import type { MediaPort } from "./port.ts";
import type { CommandArgs, MediaEvent } from "./protocol.ts";
import type { CameraSpec, Definition, SoundSpec, Watch } from "./spec.ts";

/** Ends of sessions that nobody waits for come here, too. */
const MOST_EARLY = 32;
const AWAY =
  "The media process does not answer; it starts with the panel where a camera or a loudspeaker is configured";

/** The media process as a plugin: provides `media`. Connects only once there is a camera. */
export function mediaLink(port: MediaPort): Plugin {
  return definePlugin({
    id: "media",
    api: 1,
    title: "Media process",
    uses: [panelService],
    setup(ctx) {
      const panel = ctx.use(panelService);
      const cameras = new Map<string, CameraSpec>();
      const faults = new Map<string, string>();
      const sessions = new Set<string>();
      /** Ends that were told before the answer that names the session was handled: why. */
      const early = new Map<string, string>();
      const kept = new Map<string, CommandArgs<"keep">>();
      const watches = new Map<string, { definition: Definition; watch: Watch }>();
      let soundSpec: SoundSpec | null = null;
      let soundFault = "";
      let close: (() => void) | undefined;
      let up = false;
      let missing = "";

      async function configure(): Promise<void> {
        const { host } = await panel.describe();
        // Not from a loopback address: a browser has none to take it with.
        const address = isEverywhere(host) || isLoopback(host) ? null : host;
        await port.call("configure", { cameras: [...cameras.values()], address });
      }

      /** Anew, where the process has begun anew or can do it only now. */
      async function keepAll(): Promise<void> {
        for (const [camera, what] of kept) {
          if (cameras.has(camera)) await port.call("keep", what).catch(() => {});
        }
        for (const [camera, { definition, watch }] of watches) {
          if (cameras.has(camera)) await port.call("detect", { camera, definition, watch }).catch(() => {});
        }
      }

      /** What was made by settings that were changed meanwhile is thrown away, and made anew. */
      async function ofNow<T>(
        camera: string,
        make: () => Promise<T>,
        drop: (made: T) => void = () => {},
      ): Promise<T> {
        for (;;) {
          const spec = cameras.get(camera);
          const made = await make();
          if (cameras.get(camera) === spec) return made;
          drop(made);
        }
      }

      /** What keeps every camera from giving a picture is told of each. */
      function tell(id: string): void {
        if (!cameras.has(id)) return;
        const fault = up ? missing || (faults.get(id) ?? "") : AWAY;
        ctx.emit(mediaCameraChanged, { camera: id, fault });
      }

      function tellAll(): void {
        cameras.forEach((_, id) => tell(id));
        tellSound();
      }

      function tellSound(): void {
        if (soundSpec) ctx.emit(mediaSoundChanged, { fault: up ? missing || soundFault : AWAY });
      }

      async function setSound(): Promise<void> {
        await port.call("sound", { spec: soundSpec });
      }

      function heard(event: MediaEvent): void {
        if (event.event === "session-ended") return ended(event.session, event.why);
        if (event.event === "detected") {
          return ctx.emit(mediaDetected, { camera: event.camera, what: event.what });
        }
        if (event.event === "sound") {
          soundFault = event.fault;
          return tellSound();
        }
        if (event.event === "camera") {
          faults.set(event.camera, event.fault);
          return tell(event.camera);
        }
        if (event.missing !== "" && event.missing !== missing) {
          ctx.log.warn(`The camera gives no picture: ${event.missing}`);
        }
        if (missing !== "" && event.missing === "") void keepAll();
        missing = event.missing;
        tellAll();
      }

      function noted<T extends { session: string }>(begun: T): T {
        sessions.add(begun.session);
        const why = early.get(begun.session);
        // Once whoever has begun it knows its name.
        if (early.delete(begun.session)) ctx.after(0, () => ended(begun.session, why ?? ""));
        return begun;
      }

      function ended(session: string, why: string): void {
        if (sessions.delete(session)) return ctx.emit(mediaSessionEnded, { session, why });
        early.set(session, why);
        if (early.size > MOST_EARLY) early.delete(early.keys().next().value!);
      }

      function linked(isUp: boolean): void {
        up = isUp;
        faults.clear();
        soundFault = "";
        if (up) {
          configure().then(setSound).then(keepAll).catch((error) =>
            ctx.log.error("Cameras and sound can't be set up", { error: errorText(error) })
          );
        } else {
          for (const session of [...sessions]) ended(session, "the media process has ended");
        }
        tellAll();
      }

      ctx.defer("link to the media process", () => close?.());
      ctx.provide<MediaService>(mediaService, {
        async setCamera(id, spec) {
          if (spec) cameras.set(id, spec);
          else cameras.delete(id);
          faults.delete(id);
          if (spec) close ??= port.open({ event: heard, link: linked });
          // Where the process dies meanwhile, its successor is told.
          if (up) await configure().catch((error) => up ? Promise.reject(error) : undefined);
          tell(id);
        },
        async keep(what) {
          if (what.ms > 0) kept.set(what.camera, what);
          else kept.delete(what.camera);
          if (up && cameras.has(what.camera)) await port.call("keep", what).catch(() => {});
        },
        async detect(camera, definition, watch) {
          if (watch) watches.set(camera, { definition, watch });
          else watches.delete(camera);
          if (up && cameras.has(camera)) {
            await port.call("detect", { camera, definition, watch }).catch(() => {});
          }
        },
        async record(recording) {
          const { key } = await port.call("record", recording);
          return await port.take(key);
        },
        async view(view) {
          return noted(await port.call("view", view));
        },
        async choose(session, definition) {
          await port.call("choose", { session, definition });
        },
        async presentedMs(session) {
          if (!sessions.has(session)) return undefined;
          return (await port.call("presented", { session })).ms ?? undefined;
        },
        async leave(session) {
          if (sessions.delete(session) && up) await port.call("leave", { session });
        },
        async snapshot(camera, definition) {
          return await ofNow(camera, async () => {
            const { key } = await port.call("snapshot", { camera, definition });
            return await bytesOf(await port.take(key));
          });
        },
        async jpegs(camera, definition, fps) {
          return await ofNow(camera, async () => {
            const { key } = await port.call("jpegs", { camera, definition, fps });
            return await port.take(key);
          }, (stream) => void stream.cancel().catch(() => {}));
        },
        async setSound(spec) {
          soundSpec = spec;
          soundFault = "";
          if (spec) close ??= port.open({ event: heard, link: linked });
          if (up) await setSound().catch((error) => up ? Promise.reject(error) : undefined);
          tellSound();
        },
        async talk(offer) {
          return noted(await port.call("talk", { offer }));
        },
        async speak(offer) {
          return noted(await port.call("speak", { offer }));
        },
        async overhear() {
          const { key } = await port.call("overhear", {});
          return await port.take(key);
        },
        async convert(file) {
          const { key, ms } = await port.call("convert", { sound: Buffer.from(file).toString("base64") });
          return { sound: await bytesOf(await port.take(key)), ms };
        },
        async play(sound) {
          return noted(await port.call("play", { sound: Buffer.from(sound).toString("base64") }));
        },
      });
    },
  });
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
}
