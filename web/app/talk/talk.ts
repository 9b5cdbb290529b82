/// <reference lib="dom" />
import type { IntercomState } from "../../../plugins/intercom/keys.ts";
import type { Client } from "../../lib/api/client.ts";
import { ApiError, messageOf } from "../../lib/api/problem.ts";
import { closeMicrophone, openMicrophone } from "../../lib/sound/microphone.ts";
import { speak, type Voice } from "../../lib/sound/voice.ts";
import { State } from "../../lib/state.ts";
import { heardText } from "../../lib/words/replies.ts";

export interface TalkData {
  /** `beginning`: the microphone is asked for, or the panel. */
  phase: "off" | "beginning" | "on";
  /** Nothing is heard of this page now. */
  muted: boolean;
  /** Why this page is not heard; empty where nothing went wrong. */
  why: string;
  /** Whether somebody else is heard at the panel, who would have to give way. */
  busy: boolean;
  microphone: MediaStream | undefined;
}

export interface TalkWish {
  /** Whether whoever is heard gives way. */
  takes: boolean;
  /** Whether one speaks only while a button is held. */
  muted: boolean;
  /** The call that it ends with. */
  call?: string;
}

const ENDED = "The panel has ended the talk.";
/** What the panel has not told of by then is over, whatever became of it, ms. */
const TOLD_MS = 3_000;
/** Who has taken over is told a moment after the connection has gone, ms. */
const GRACE_MS = 1_000;

const OFF = { phase: "off", muted: false, busy: false, microphone: undefined } as const;

/** What this page says at the panel. */
export class Talk extends State<TalkData> {
  readonly #client: Client;
  #voice: Voice | undefined;
  /** Counts beginnings: what comes of an old one is thrown away. */
  #turn = 0;
  /** Whether the panel has told of this page's own voice. */
  #seen = false;
  #told: IntercomState["talk"] = null;
  #call: string | undefined;

  constructor(client: Client) {
    super({ ...OFF, why: "" });
    this.#client = client;
  }

  async start({ takes, muted, call }: TalkWish): Promise<void> {
    if (this.value.phase !== "off") {
      // Who speaks already and answers now is heard until the call is over, as any other who answers.
      this.#call ??= call;
      return;
    }
    const turn = ++this.#turn;
    this.#call = call;
    this.set({ phase: "beginning", why: "", busy: false, muted });
    try {
      const microphone = await openMicrophone();
      if (turn !== this.#turn) return closeMicrophone(microphone);
      this.set({ microphone });
      const track = microphone.getAudioTracks()[0]!;
      const over = (why: string, ms: number) =>
        setTimeout(() => {
          if (turn === this.#turn) this.stop(why);
        }, ms);
      track.onended = () => over("The microphone was taken away.", 0);
      const voice = await speak({
        client: this.#client,
        path: `/plugins/intercom/whip?take=${takes}`,
        sessions: "/plugins/intercom/sessions",
        microphone: track,
        muted,
        failed: () => over("The connection to the panel was lost.", 0),
        closed: () => over(ENDED, GRACE_MS),
      });
      if (turn !== this.#turn) return voice.close();
      this.#voice = voice;
      // The word of it may come before the answer.
      this.#seen = this.#told?.session === voice.session;
      setTimeout(() => {
        if (turn === this.#turn && !this.#seen) this.stop(ENDED);
      }, TOLD_MS);
      this.set({ phase: "on" });
      if (this.value.muted !== muted) await voice.mute(this.value.muted);
    } catch (error) {
      if (turn !== this.#turn) return;
      const busy = error instanceof ApiError && error.code === "talk-busy";
      this.stop(busy ? "" : messageOf(error));
      this.set({ busy });
    }
  }

  async mute(muted: boolean): Promise<void> {
    this.set({ muted });
    await this.#voice?.mute(muted);
  }

  /** This call is on now. */
  callIs(id: string | undefined): void {
    if (this.#call === undefined || this.#call === id) return;
    this.#call = undefined;
    this.stop();
  }

  stop(why = ""): void {
    this.#turn++;
    closeMicrophone(this.value.microphone);
    this.#voice?.close();
    this.#voice = undefined;
    this.set({ ...OFF, why });
  }

  /** What the panel tells of who is heard. */
  heard({ talk }: IntercomState): void {
    this.#told = talk;
    if (talk === null && this.value.busy) this.set({ busy: false });
    if (!this.#voice) return;
    if (talk?.session === this.#voice.session) this.#seen = true;
    else if (this.#seen) {
      this.stop(talk ? takenBy(talk) : ENDED);
    }
  }
}

function takenBy(talk: NonNullable<IntercomState["talk"]>): string {
  return talk.reply === null ? `${talk.by} speaks at the door now.` : `${heardText(talk)}.`;
}
