import type { default as NodeDataChannel } from "node-datachannel";
import type { Cancel, Clock } from "../../core/clock.ts";

export type Native = typeof NodeDataChannel;
export type Peer = InstanceType<Native["PeerConnection"]>;

export interface ConnectionOptions {
  native: Native;
  id: string;
  /** Where to send from; null for wherever the machine has an address. */
  address: string | null;
  clock: Clock;
  /** Told once, why it ended, where it was not closed. */
  ended(why: string): void;
}

/** How long a connection may take to come up, and to come back, ms. */
const CONNECT_MS = 10_000;
const LOST_MS = 5_000;
const NOT_UP = "the connection did not come up";
const GONE = "the viewer is gone";

/** A WebRTC connection that a browser has asked for. */
export class Connection {
  readonly peer: Peer;
  readonly #options: ConnectionOptions;
  #closed = false;
  #cancelDeadline: Cancel;

  constructor(options: ConnectionOptions) {
    const { native, id, clock, address } = this.#options = options;
    this.peer = new native.PeerConnection(id, {
      iceServers: [],
      ...(address === null ? {} : { bindAddress: address }),
    });
    this.#cancelDeadline = clock.after(CONNECT_MS, () => this.end(NOT_UP));
    this.peer.onStateChange((state) => this.#changed(state));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Answers an offer for which all tracks are there; all is in it, nothing is sent later. */
  async answer(sdp: string): Promise<string> {
    const gathered = new Promise<void>((done) => {
      this.peer.onGatheringStateChange((state) => {
        if (state === "complete") done();
      });
    });
    this.peer.setRemoteDescription(sdp, "offer");
    await gathered;
    return this.peer.localDescription()?.sdp ?? "";
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelDeadline();
    this.peer.close();
  }

  /** Closes it of this side's own accord, or as the other side has gone. */
  end(why = GONE): void {
    if (this.#closed) return;
    this.close();
    this.#options.ended(why);
  }

  #changed(state: string): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    this.#cancelDeadline();
    if (state === "failed" || state === "closed") this.end();
    else if (state === "disconnected") this.#cancelDeadline = clock.after(LOST_MS, () => this.end());
    else if (state !== "connected") this.#cancelDeadline = clock.after(CONNECT_MS, () => this.end(NOT_UP));
  }
}
