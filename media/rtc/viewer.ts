import { Buffer } from "node:buffer";
import { randomInt } from "node:crypto";
import type { DataChannel } from "node-datachannel";
import type { Cancel } from "../../core/clock.ts";
import type { Frame, Frames, Parameters } from "../frames.ts";
import { Connection, type ConnectionOptions, type Native, type Peer } from "./connection.ts";
import { type Offer, readOffer, type Section } from "./offer.ts";
import { Presented } from "./presented.ts";
import { highestReceived, isReport } from "./reports.ts";

type Media = InstanceType<Native["Video"]> | InstanceType<Native["Audio"]>;
type Track = ReturnType<Peer["addTrack"]>;
type Timing = InstanceType<Native["RtpPacketizationConfig"]>;

interface Line {
  track: Track;
  timing: Timing;
  ssrc: number;
  /** RTP time of monotonic 0. */
  zero: number;
  /** Per ms. */
  rate: number;
}

const VIDEO_RATE = 90_000;
const SOUND_RATE = 48_000;
const MTU = 1_200;
/** The channel on which a page names the frames that it presents. */
const PRESENTED = "presented";
/** What waits to be sent again, packets. */
const RESENDABLE = 1_024;
/** More than this at once gets lost on the way: who comes then waits for the next key frame, bytes. */
const MOST_AT_ONCE = 256 * 1024;
/** What a picture that is late counts for, ms. */
const CATCH_UP_MS = 1;
/** A browser reports about once a second of the pictures that it gets; one that is silent for so long is gone, ms. */
const SILENT_MS = 6_000;
/** Of sound alone it reports every 2.5 to 7.5 s. */
const SILENT_OF_SOUND_MS = 20_000;

/** One who watches, over WebRTC. */
export class Viewer {
  readonly #options: ConnectionOptions;
  readonly #connection: Connection;
  /** Native handlers live for as long as they are referred to. */
  readonly #kept: unknown[] = [];
  #video: Line | undefined;
  #sound: Line | undefined;
  #showing: Cancel = () => {};
  readonly #presented = new Presented();
  #channel: DataChannel | undefined;
  /** When the browser has to have reported of what was sent; undefined where it has of all. */
  #reportBy: number | undefined;
  /** Whether there was a picture yet. */
  #hasSeen = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#connection = new Connection({
      ...options,
      ended: (why) => {
        this.#showing();
        options.ended(why);
      },
    });
    this.#connection.peer.onDataChannel((channel) => this.#opened(channel));
  }

  /**
   * Answers an offer (WHEP).
   * @throws {LatchkeyError} `offer-invalid` (400), `codec-unknown` (406)
   */
  async answer(sdp: string): Promise<string> {
    const offer = readOffer(sdp);
    this.#prepare(offer);
    return await this.#connection.answer(offer.sdp);
  }

  /**
   * Shows these pictures, and lets their sound be heard, in place of those before: they go on until the first of the
   * new ones is there. Until there has been one at all, sound is heard without: who rings may be at a broken camera.
   */
  show(frames: Frames): void {
    if (!this.#hasSeen) this.#showing();
    const before = this.#showing;
    let parameters: Parameters | undefined;
    let begun = false;
    const draw = ({ key, data }: Frame, at: number) => {
      // It may end in the midst of a group: nothing can be sent any more.
      if (!this.#video || !parameters || this.#connection.closed) return;
      const time = send(this.#video, at, key ? Buffer.concat([parameters.units, data]) : data);
      this.#presented.sent(time, this.#options.clock.monotonic());
      this.#sent(at, SILENT_MS);
    };
    const begin = (frame: Frame) => {
      const { group } = frames;
      if (!frame.key && sizeOf(group) > MOST_AT_ONCE) return;
      this.#hasSeen = begun = true;
      before();
      // All that it needs to begin at once, in fast motion.
      group.slice(0, -1).forEach((one, i) => draw(one, frame.at + (i + 1 - group.length) * CATCH_UP_MS));
    };
    const stop = frames.listen({
      parameters: (given) => void (parameters = given),
      frame: (frame) => {
        if (!this.#video?.track.isOpen()) return;
        if (!begun) begin(frame);
        if (begun) draw(frame, frame.at);
      },
      // Where no sound is asked for no microphone is opened.
      ...(this.#sound && {
        sound: (packet, at) => {
          if ((this.#hasSeen && !begun) || !this.#sound?.track.isOpen()) return;
          send(this.#sound, at, packet);
          this.#sent(at, SILENT_OF_SOUND_MS);
        },
      }),
    });
    this.#showing = () => {
      stop();
      if (!begun) before();
    };
  }

  /** How long ago at most this viewer presented a frame, ms; undefined where that is not proved. */
  presentedMs(): number | undefined {
    return this.#connection.closed ? undefined : this.#presented.age(this.#options.clock.monotonic());
  }

  close(): void {
    this.#showing();
    this.#connection.close();
  }

  #prepare({ video, audio }: Offer): void {
    const { native } = this.#options;
    const picture = new native.Video(video.mid, "SendOnly");
    picture.addH264Codec(
      video.payloadType,
      "profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1",
    );
    this.#video = this.#line(picture, video, VIDEO_RATE);
    if (!audio) return;
    const sound = new native.Audio(audio.mid, "SendOnly");
    sound.addOpusCodec(audio.payloadType);
    this.#sound = this.#line(sound, audio, SOUND_RATE);
  }

  #line(media: Media, section: Section, clockRate: number): Line {
    const { native } = this.#options;
    const ssrc = randomInt(1, 2 ** 32 - 1);
    media.addSSRC(ssrc, "latchkey", "latchkey", section.kind);
    const track = this.#connection.peer.addTrack(media);
    const timing = new native.RtpPacketizationConfig(ssrc, "latchkey", section.payloadType, clockRate);
    if (section.playoutDelayId !== undefined) {
      timing.playoutDelayId = section.playoutDelayId;
      timing.playoutDelayMin = 0;
      timing.playoutDelayMax = 0;
    }
    const packets = section.kind === "video"
      ? new native.H264RtpPacketizer("Length", timing, MTU)
      : new native.RtpPacketizer(timing);
    const reports = new native.RtcpSrReporter(timing);
    const repeats = new native.RtcpNackResponder(RESENDABLE);
    packets.addToChain(reports);
    packets.addToChain(repeats);
    track.setMediaHandler(packets);
    track.onMessage((message) => this.#heard(message));
    this.#kept.push(media, track, timing, packets, reports, repeats);
    return { track, timing, ssrc, zero: randomInt(2 ** 31), rate: clockRate / 1_000 };
  }

  /** @param patience what is not reported of for so long has gone nowhere, ms */
  #sent(at: number, patience: number): void {
    this.#reportBy = Math.min(this.#reportBy ?? Infinity, at + patience);
    if (at > this.#reportBy) this.#connection.end();
  }

  #heard(message: Buffer): void {
    if (!isReport(message)) return;
    this.#reportBy = undefined;
    if (!this.#video) return;
    this.#presented.reported(
      highestReceived(message, this.#video.ssrc),
      this.#options.clock.monotonic(),
    );
  }

  /** One is enough: whoever opens more wants something else. */
  #opened(channel: DataChannel): void {
    if (this.#channel || channel.getLabel() !== PRESENTED) return channel.close();
    this.#channel = channel;
    channel.onMessage((message) => {
      if (typeof message === "string") this.#presented.named(message);
    });
  }
}

function sizeOf(group: readonly Frame[]): number {
  return group.reduce((sum, { data }) => sum + data.length, 0);
}

/** @returns its RTP time */
function send({ track, timing, zero, rate }: Line, at: number, data: Uint8Array): number {
  const time = (zero + Math.round(at * rate)) >>> 0;
  timing.timestamp = time;
  track.sendMessageBinary(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return time;
}
