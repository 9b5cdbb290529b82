/// <reference lib="dom" />
import type { Client } from "../../lib/api/client.ts";
import { ApiError, messageOf, problemOf } from "../../lib/api/problem.ts";
import { State } from "../../lib/state.ts";
import { OggPackets } from "./ogg.ts";

export interface EarData {
  phase: "off" | "connecting" | "on";
  /** Why nothing is heard; empty where nothing went wrong. */
  why: string;
}

const LOUDSPEAKER = "/api/v1/plugins/simulator/loudspeaker";
const RATE = 48_000;
const PACKET_US = 20_000;
/** Packets come early and late by so much, s. */
const AHEAD_S = 0.06;
/** What is further behind is left out, s: all that follows would be as late. */
const LATEST_S = 0.3;
const AGAIN_MS = 1_000;
const CANNOT =
  "This browser can’t play the panel’s loudspeaker: it takes a newer one, and a page over https or on this machine.";

/** What the simulated loudspeaker gives, heard in this page as soon as it comes. */
export class Ear extends State<EarData> {
  readonly #client: Client;
  #stop = new AbortController();
  #audio: { context: AudioContext; analyser: AnalyserNode } | undefined;
  /** When the next packet is heard, by the context's clock. */
  #next = 0;

  constructor(client: Client) {
    super({ phase: "off", why: "" });
    this.#client = client;
  }

  /** How loud it is now, 0 to 1. */
  get level(): number {
    if (!this.#audio) return 0;
    const wave = new Float32Array(this.#audio.analyser.fftSize);
    this.#audio.analyser.getFloatTimeDomainData(wave);
    return wave.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  }

  /** To be called while the browser handles a gesture. */
  start(): void {
    if (this.value.phase !== "off") return;
    if (!("AudioDecoder" in globalThis)) return this.set({ why: CANNOT });
    const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    const analyser = new AnalyserNode(context, { fftSize: 2_048 });
    analyser.connect(context.destination);
    this.#audio = { context, analyser };
    void context.resume();
    this.#stop = new AbortController();
    this.set({ phase: "connecting", why: "" });
    void this.#keep(this.#stop.signal);
  }

  stop(why = ""): void {
    this.#stop.abort();
    void this.#audio?.context.close();
    this.#audio = undefined;
    this.set({ phase: "off", why });
  }

  /** Anew where it ends: so it does where the media process is started anew. */
  async #keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let why = "";
      try {
        await this.#listen(signal);
      } catch (error) {
        if (signal.aborted) return;
        why = messageOf(error);
        if (error instanceof ApiError && error.status >= 400 && error.status < 500) return this.stop(why);
      }
      if (signal.aborted) return;
      this.set({ phase: "connecting", why });
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { url } = await this.#client.post<{ url: string }>("/links", { path: LOUDSPEAKER });
    const response = await fetch(url, { signal, cache: "no-store" });
    if (!response.ok || !response.body) throw await problemOf(response);
    this.set({ phase: "on", why: "" });
    const decoder = new AudioDecoder({ output: (sound) => this.#play(sound), error: () => {} });
    decoder.configure({ codec: "opus", sampleRate: RATE, numberOfChannels: 1 });
    const ogg = new OggPackets();
    const reader = response.body.getReader();
    let timestamp = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      for (const data of ogg.push(read.value)) {
        if (decoder.state === "closed") throw new Error("What the panel says can’t be decoded");
        decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, data }));
        timestamp += PACKET_US;
      }
    }
  }

  #play(sound: AudioData): void {
    const { numberOfFrames: length, sampleRate } = sound;
    const samples = new Float32Array(length);
    sound.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
    sound.close();
    if (!this.#audio) return;
    const { context, analyser } = this.#audio;
    const now = context.currentTime;
    if (this.#next < now) this.#next = now + AHEAD_S;
    if (this.#next > now + LATEST_S) return;
    const buffer = new AudioBuffer({ length, sampleRate, numberOfChannels: 1 });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(analyser);
    source.start(this.#next);
    this.#next += buffer.duration;
  }
}
