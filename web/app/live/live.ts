/// <reference lib="dom" />
import type { Definition } from "../../../plugins/camera/keys.ts";
import type { Client } from "../../lib/api/client.ts";
import { ApiError, messageOf } from "../../lib/api/problem.ts";
import { State } from "../../lib/state.ts";
import { watch, type Watching } from "./whep.ts";

export interface LiveData {
  /** `waiting`: there is no picture now, and it is asked for again. */
  phase: "off" | "connecting" | "playing" | "waiting";
  /** Why there is no picture; empty where nothing went wrong. */
  why: string;
  definition: Definition | undefined;
  media: MediaStream | undefined;
}

const LOOK_EVERY_MS = 500;
/** A connection on which nothing comes any more for so long is given up: the panel's side has gone. */
const STALLED_MS = 1_500;
/** The first picture may take so long: the camera has to start. */
const FIRST_PICTURE_MS = 8_000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 4_000;

/** The live picture, asked for until it is there, for as long as it is wanted. */
export class Live extends State<LiveData> {
  readonly #client: Client;
  readonly #proves: boolean;
  #watching: Watching | undefined;
  /** Counts attempts: what comes of an old one is thrown away. */
  #turn = 0;
  #wait = FIRST_WAIT_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #look: ReturnType<typeof setInterval> | undefined;

  /** @param proves whether what is presented is shown to the panel, by `presented` */
  constructor(client: Client, proves: boolean) {
    super({ phase: "off", why: "", definition: undefined, media: undefined });
    this.#client = client;
    this.#proves = proves;
  }

  start(definition: Definition): void {
    if (this.value.phase !== "off") return;
    this.set({ definition, why: "" });
    void this.#connect();
  }

  stop(why = ""): void {
    this.#hangUp();
    this.set({ phase: "off", why, media: undefined });
  }

  /** Another definition: on the same connection where there is one. */
  async choose(definition: Definition): Promise<void> {
    this.set({ definition });
    if (this.value.phase !== "playing") return;
    try {
      await this.#watching?.choose(definition);
    } catch {
      this.#again();
    }
  }

  /** What kept the picture away is over: it is asked for at once. */
  hurry(): void {
    this.#wait = FIRST_WAIT_MS;
    if (this.value.phase === "waiting") this.#again();
  }

  /** The page presents this frame. */
  presented(rtpTime: number): void {
    this.#watching?.presented(rtpTime);
  }

  /** There is a picture. */
  playing(): void {
    if (this.value.phase !== "connecting") return;
    this.#wait = FIRST_WAIT_MS;
    this.set({ phase: "playing", why: "" });
  }

  async #connect(): Promise<void> {
    const turn = ++this.#turn;
    const { definition } = this.value;
    if (!definition) return;
    this.set({ phase: "connecting" });
    try {
      const watching = await watch({
        client: this.#client,
        definition,
        proves: this.#proves,
        show: (media) => {
          if (turn === this.#turn) this.set({ media });
        },
        failed: () => {
          if (turn === this.#turn) this.#again();
        },
      });
      if (turn !== this.#turn) return watching.close();
      this.#watching = watching;
      this.#watchOver(watching);
    } catch (error) {
      if (turn === this.#turn) this.#refused(error);
    }
  }

  #watchOver(watching: Watching): void {
    let packets = 0;
    let since = performance.now();
    this.#look = setInterval(async () => {
      const { picture, sound } = await watching.received();
      if (this.#watching !== watching) return;
      // A panel whose camera is broken may be heard all the same.
      const received = picture || sound;
      if (received !== packets) since = performance.now();
      packets = received;
      if (performance.now() - since > (picture === 0 ? FIRST_PICTURE_MS : STALLED_MS)) this.#again();
    }, LOOK_EVERY_MS);
  }

  #refused(error: unknown): void {
    const lasting = error instanceof ApiError && error.status >= 400 && error.status < 500;
    if (lasting) return this.stop(messageOf(error));
    this.#hangUp();
    this.set({ phase: "waiting", why: messageOf(error) });
    this.#retry = setTimeout(() => void this.#connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }

  #again(): void {
    this.#hangUp();
    void this.#connect();
  }

  #hangUp(): void {
    this.#turn++;
    clearTimeout(this.#retry);
    clearInterval(this.#look);
    this.#watching?.close();
    this.#watching = undefined;
  }
}
