import type { Buffer } from "node:buffer";
import type { DataChannel } from "node-datachannel";
import type { Cancel } from "../../core/clock.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { readVoiceOffer } from "./offer.ts";
import { isLater, readRtp } from "./rtp.ts";

export interface TalkerOptions extends ConnectionOptions {
  /** Told each packet of Opus, in order; those that are late or come twice are left out. */
  packet(data: Buffer): void;
}

/** The channel on which a page that is muted says that it is still there. */
const ALIVE = "alive";
/** One of whom nothing comes for so long is gone, ms. */
const SILENT_MS = 8_000;

/** One who wants to be heard, over WebRTC. */
export class Talker {
  readonly #options: TalkerOptions;
  readonly #connection: Connection;
  /** Native handlers live for as long as they are referred to. */
  readonly #kept: unknown[] = [];
  #channel: DataChannel | undefined;
  #payloadType = -1;
  #last: number | undefined;
  #cancelSilence: Cancel = () => {};

  constructor(options: TalkerOptions) {
    this.#options = options;
    this.#connection = new Connection({
      ...options,
      ended: (why) => {
        this.#cancelSilence();
        options.ended(why);
      },
    });
    this.#connection.peer.onDataChannel((channel) => this.#opened(channel));
  }

  get closed(): boolean {
    return this.#connection.closed;
  }

  /**
   * Answers an offer (WHIP).
   * @throws {LatchkeyError} `offer-invalid` (400), `codec-unknown` (406)
   */
  async answer(sdp: string): Promise<string> {
    const { native } = this.#options;
    const { sdp: offer, audio } = readVoiceOffer(sdp);
    const sound = new native.Audio(audio.mid, "RecvOnly");
    sound.addOpusCodec(audio.payloadType);
    const track = this.#connection.peer.addTrack(sound);
    const receiving = new native.RtcpReceivingSession();
    track.setMediaHandler(receiving);
    track.onMessage((message) => this.#heard(message));
    this.#kept.push(sound, track, receiving);
    this.#payloadType = audio.payloadType;
    const answer = await this.#connection.answer(offer);
    this.#isThere();
    return answer;
  }

  close(): void {
    this.#cancelSilence();
    this.#connection.close();
  }

  #heard(message: Buffer): void {
    if (this.#connection.closed) return;
    this.#isThere();
    const packet = readRtp(message);
    if (packet?.payloadType !== this.#payloadType) return;
    if (this.#last !== undefined && !isLater(packet.sequence, this.#last)) return;
    this.#last = packet.sequence;
    this.#options.packet(packet.payload);
  }

  /** One is enough: whoever opens more wants something else. */
  #opened(channel: DataChannel): void {
    if (this.#channel || channel.getLabel() !== ALIVE) return channel.close();
    this.#channel = channel;
    channel.onMessage(() => this.#isThere());
  }

  #isThere(): void {
    this.#cancelSilence();
    if (this.#connection.closed) return;
    this.#cancelSilence = this.#options.clock.after(
      SILENT_MS,
      () => this.#connection.end("nothing was heard of the talker any more"),
    );
  }
}
