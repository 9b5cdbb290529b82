/// <reference lib="dom" />
import type { Client } from "../../lib/api/client.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { closeMicrophone, openMicrophone } from "../../lib/sound/microphone.ts";
import { speak, type Voice } from "../../lib/sound/voice.ts";
import { State } from "../../lib/state.ts";

export interface MouthData {
  phase: "off" | "connecting" | "on";
  /** Why nobody is heard; empty where nothing went wrong. */
  why: string;
}

const MICROPHONE = "/plugins/simulator/microphone";

/** This device's microphone in place of the simulated panel's: whoever looks at the door hears it. */
export class Mouth extends State<MouthData> {
  readonly #client: Client;
  /** Counts attempts: what comes of an old one is thrown away. */
  #turn = 0;
  #microphone: MediaStream | undefined;
  #voice: Voice | undefined;

  constructor(client: Client) {
    super({ phase: "off", why: "" });
    this.#client = client;
  }

  async start(): Promise<void> {
    if (this.value.phase !== "off") return;
    const turn = ++this.#turn;
    this.set({ phase: "connecting", why: "" });
    const lost = () => {
      if (turn === this.#turn) this.stop("You are no longer heard: the connection has ended.");
    };
    try {
      const microphone = await openMicrophone();
      if (turn !== this.#turn) return closeMicrophone(microphone);
      this.#microphone = microphone;
      const voice = await speak({
        client: this.#client,
        path: MICROPHONE,
        sessions: MICROPHONE,
        microphone: microphone.getAudioTracks()[0]!,
        muted: false,
        failed: lost,
        closed: lost,
      });
      if (turn !== this.#turn) return voice.close();
      this.#voice = voice;
      this.set({ phase: "on" });
    } catch (error) {
      if (turn === this.#turn) this.stop(messageOf(error));
    }
  }

  stop(why = ""): void {
    this.#turn++;
    closeMicrophone(this.#microphone);
    this.#voice?.close();
    this.#voice = undefined;
    this.set({ phase: "off", why });
  }
}
