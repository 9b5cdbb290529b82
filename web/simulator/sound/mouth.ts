/// <reference lib="dom" />
import type { Client } from "../../lib/api/client.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { State } from "../../lib/state.ts";

export interface MouthData {
  phase: "off" | "connecting" | "on";
  /** Why nobody is heard; empty where nothing went wrong. */
  why: string;
}

const MICROPHONE = "/plugins/simulator/microphone";
const NO_CONTEXT =
  "Browsers give a page the microphone over https only, or on this machine: open this page by its https address.";
const REFUSALS: Record<string, string> = {
  NotAllowedError:
    "The browser does not let this page use the microphone. Allow it beside the address, then try again.",
  NotFoundError: "This device has no microphone.",
  NotReadableError: "Another program uses this device’s microphone.",
};

/** This device's microphone in place of the simulated panel's: whoever looks at the door hears it. */
export class Mouth extends State<MouthData> {
  readonly #client: Client;
  /** Counts attempts: what comes of an old one is thrown away. */
  #turn = 0;
  #end = () => {};

  constructor(client: Client) {
    super({ phase: "off", why: "" });
    this.#client = client;
  }

  async start(): Promise<void> {
    if (this.value.phase !== "off") return;
    // Where the page is no secure context there is none.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) return this.set({ why: NO_CONTEXT });
    const turn = ++this.#turn;
    this.set({ phase: "connecting", why: "" });
    try {
      const voice = await devices.getUserMedia({ audio: true });
      if (turn !== this.#turn) return voice.getTracks().forEach((track) => track.stop());
      await this.#speak(voice, turn);
    } catch (error) {
      if (turn === this.#turn) this.stop(REFUSALS[(error as Error).name] ?? messageOf(error));
    }
  }

  stop(why = ""): void {
    this.#turn++;
    this.#end();
    this.#end = () => {};
    this.set({ phase: "off", why });
  }

  /** As WHIP has it. */
  async #speak(voice: MediaStream, turn: number): Promise<void> {
    const peer = new RTCPeerConnection();
    const close = () => {
      voice.getTracks().forEach((track) => track.stop());
      peer.close();
    };
    this.#end = close;
    voice.getTracks().forEach((track) => peer.addTransceiver(track, { direction: "sendonly" }));
    peer.onconnectionstatechange = () => {
      const { connectionState } = peer;
      if (turn !== this.#turn) return;
      if (connectionState === "connected") this.set({ phase: "on" });
      else if (connectionState === "failed" || connectionState === "closed") {
        this.stop("You are no longer heard: the connection has ended.");
      }
    };
    await peer.setLocalDescription();
    const offer = peer.localDescription?.sdp ?? "";
    const response = await this.#client.exchange(MICROPHONE, "application/sdp", offer);
    const session = response.headers.get("location")?.split("/").at(-1) ?? "";
    const end = () => {
      close();
      this.#client.delete(`${MICROPHONE}/${session}`).catch(() => {});
    };
    // Where one has stopped meanwhile, the panel is not told of it yet.
    if (turn !== this.#turn) return end();
    this.#end = end;
    await peer.setRemoteDescription({ type: "answer", sdp: await response.text() });
  }
}
