import { LatchkeyError } from "../../core/mod.ts";
import type { MediaListener, MediaPort } from "../port.ts";
import type { CommandArgs, CommandName, CommandResult, MediaEvent } from "../protocol.ts";
import type { CameraSpec, SoundSpec } from "../spec.ts";

export { mediaLink } from "../mod.ts";

/** A media process in a few lines, away until a test starts it: it answers every viewer and has pictures of its own. */
export class FakeMediaPort implements MediaPort {
  /** Every command that reached it. */
  readonly calls: { name: CommandName; args: unknown }[] = [];
  readonly sessions = new Set<string>();
  /** What happens before a command is answered. */
  readonly before = new Map<CommandName, () => void>();
  /** What happens while the answer is on its way. */
  readonly late = new Map<CommandName, () => Promise<unknown>>();
  /** What each snapshot is. */
  picture: Uint8Array = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
  cameras: readonly CameraSpec[] = [];
  address: string | null = null;
  sound: SoundSpec | null = null;
  /** Where to write to what is recorded now, one for each recording that was not ended by who reads it. */
  readonly recordings = new Set<{ write(bytes: Uint8Array): void }>();
  /** Streams of pictures that were not ended by who reads them. */
  streams = 0;
  missing = "";
  /** How long ago each session presented a picture, ms. */
  readonly presented = new Map<string, number>();
  #listener: MediaListener | undefined;
  #up = false;
  #count = 0;
  readonly #running = new Set<{ close(): void }>();

  open(listener: MediaListener): () => void {
    this.#listener = listener;
    if (this.#up) this.#greet();
    return () => void (this.#listener = undefined);
  }

  get opened(): boolean {
    return this.#listener !== undefined;
  }

  /** The process starts, or dies. */
  set(up: boolean): void {
    if (up === this.#up) return;
    this.#up = up;
    this.sessions.clear();
    if (up) return this.#greet();
    for (const recording of this.#running) recording.close();
    this.#running.clear();
    this.recordings.clear();
    this.#listener?.link(false);
  }

  tell(event: MediaEvent): void {
    this.#listener?.event(event);
  }

  call<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandResult<Name>> {
    return new Promise((done) => {
      if (!this.#up) throw new LatchkeyError("media-away", "There is no picture now", { status: 503 });
      this.calls.push({ name, args });
      this.before.get(name)?.();
      const answer = this.#answer(name, args) as CommandResult<Name>;
      const late = this.late.get(name);
      done(late ? late().then(() => answer) : answer);
    });
  }

  take(key: string): Promise<ReadableStream<Uint8Array>> {
    const { picture } = this;
    if (key.startsWith("r")) return Promise.resolve(this.#recording());
    const endless = key.startsWith("j");
    if (endless) this.streams++;
    return Promise.resolve(
      new ReadableStream({
        start(controller) {
          controller.enqueue(picture);
          if (!endless) controller.close();
        },
        cancel: () => void this.streams--,
      }),
    );
  }

  #answer(name: CommandName, args: unknown): unknown {
    switch (name) {
      case "configure":
        ({ cameras: this.cameras, address: this.address } = args as CommandArgs<"configure">);
        return null;
      case "play":
      case "talk":
      case "speak":
      case "view": {
        if ((name === "play" || name === "talk") && !this.sound?.loudspeaker) {
          throw new LatchkeyError("sound-none", "There is no loudspeaker", { status: 404 });
        }
        const session = `session-${++this.#count}`;
        this.sessions.add(session);
        return { session, ...(name === "play" ? { ms: 2_000 } : { answer: "v=0" }) };
      }
      case "leave":
        this.sessions.delete((args as CommandArgs<"leave">).session);
        return null;
      case "presented":
        return { ms: this.presented.get((args as CommandArgs<"presented">).session) ?? null };
      case "sound":
        this.sound = (args as CommandArgs<"sound">).spec;
        return null;
      case "overhear":
        return { key: "j".repeat(22) };
      case "convert":
        return { key: "s".repeat(22), ms: 2_000 };
      case "choose":
        return null;
      case "snapshot":
        return { key: "s".repeat(22) };
      case "keep":
      case "detect":
        return null;
      case "record":
        return { key: "r".repeat(22) };
      case "jpegs":
        return { key: "j".repeat(22) };
    }
  }

  #recording(): ReadableStream<Uint8Array> {
    let own: { write(bytes: Uint8Array): void; close(): void } | undefined;
    return new ReadableStream({
      start: (controller) => {
        own = { write: (bytes) => controller.enqueue(bytes), close: () => controller.close() };
        this.recordings.add(own);
        this.#running.add(own);
      },
      cancel: () => {
        this.recordings.delete(own!);
        this.#running.delete(own!);
      },
    });
  }

  #greet(): void {
    this.#listener?.link(true);
    this.tell({ event: "state", missing: this.missing });
  }
}
