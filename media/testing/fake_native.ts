import type { Buffer } from "node:buffer";
import type { Native } from "../rtc/connection.ts";

const HEAD = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"];
const OPUS = ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:1", "a=rtpmap:111 opus/48000/2"];

/** As a browser's that wants to see and hear, shortened to what is looked at. */
export const VIEWER_OFFER: string = [
  ...HEAD,
  "m=video 9 UDP/TLS/RTP/SAVPF 108",
  "a=mid:0",
  "a=rtpmap:108 H264/90000",
  "a=fmtp:108 packetization-mode=1;profile-level-id=42e01f",
  ...OPUS,
].join("\r\n");

/** As a browser's that wants to be heard. */
export const VOICE_OFFER: string = [...HEAD, ...OPUS].join("\r\n");

type Tell<T> = (value: T) => void;

/** What sends to one viewer, or takes from one who speaks. */
export class FakeTrack {
  readonly kind: string;
  readonly sent: Buffer[] = [];
  /** As if this came from the other side. */
  message: Tell<Buffer> = () => {};

  constructor(kind: string) {
    this.kind = kind;
  }

  isOpen(): boolean {
    return true;
  }

  setMediaHandler(): void {}

  onMessage(tell: Tell<Buffer>): void {
    this.message = tell;
  }

  sendMessageBinary(data: Buffer): boolean {
    this.sent.push(data);
    return true;
  }
}

/** A channel that the other side has opened. */
export class FakeChannel {
  readonly #label: string;
  message: Tell<string> = () => {};

  constructor(label: string) {
    this.#label = label;
  }

  getLabel(): string {
    return this.#label;
  }

  onMessage(tell: Tell<string>): void {
    this.message = tell;
  }

  close(): void {}
}

/** A connection that answers every offer at once, and says what a test tells it to. */
export class FakePeer {
  readonly tracks: FakeTrack[] = [];
  closed = false;
  state: Tell<string> = () => {};
  channel: Tell<FakeChannel> = () => {};
  #gathering: Tell<string> = () => {};

  onStateChange(tell: Tell<string>): void {
    this.state = tell;
  }

  onDataChannel(tell: Tell<FakeChannel>): void {
    this.channel = tell;
  }

  onGatheringStateChange(tell: Tell<string>): void {
    this.#gathering = tell;
  }

  addTrack({ kind }: { kind: string }): FakeTrack {
    const track = new FakeTrack(kind);
    this.tracks.push(track);
    return track;
  }

  setRemoteDescription(): void {
    queueMicrotask(() => this.#gathering("complete"));
  }

  localDescription(): { type: string; sdp: string } {
    return { type: "answer", sdp: "v=0" };
  }

  close(): void {
    this.closed = true;
  }

  /** What was sent of one kind, each as text. */
  sent(kind: "video" | "audio"): string[] {
    const tracks = this.tracks.filter((track) => track.kind === kind);
    return tracks.flatMap(({ sent }) => sent.map((data) => data.toString("latin1")));
  }
}

/** WebRTC without a network: each connection is put on `peers`. */
export function fakeNative(): { native: Native; peers: FakePeer[] } {
  const peers: FakePeer[] = [];
  const kind = (name: string) =>
    class {
      readonly kind = name;
      addH264Codec(): void {}
      addOpusCodec(): void {}
      addSSRC(): void {}
    };
  const handler = class {
    addToChain(): void {}
  };
  const native = {
    PeerConnection: class extends FakePeer {
      constructor() {
        super();
        peers.push(this);
      }
    },
    Video: kind("video"),
    Audio: kind("audio"),
    RtpPacketizationConfig: class {
      timestamp = 0;
    },
    H264RtpPacketizer: handler,
    RtpPacketizer: handler,
    RtcpSrReporter: handler,
    RtcpNackResponder: handler,
    RtcpReceivingSession: handler,
  };
  return { native: native as unknown as Native, peers };
}
