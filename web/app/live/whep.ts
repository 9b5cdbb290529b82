/// <reference lib="dom" />
import type { Definition } from "../../../plugins/camera/keys.ts";
import type { Client } from "../../lib/api/client.ts";
import { pagePeer } from "../../lib/page_peer.ts";

/** How many packets have come so far. */
export interface Received {
  picture: number;
  sound: number;
}

/** A connection over which the panel's camera is seen and heard. */
export interface Watching {
  received(): Promise<Received>;
  choose(definition: Definition): Promise<void>;
  /** Tells the panel which frame is presented now, by its RTP time: what it lets a monitor release by. */
  presented(rtpTime: number): void;
  close(): void;
}

export interface WatchOptions {
  client: Client;
  definition: Definition;
  /** Whether the panel is to be shown what is presented: see `Watching.presented`. */
  proves: boolean;
  /** Given picture and sound once they are agreed on. */
  show(media: MediaStream): void;
  /** The connection has broken down. */
  failed(): void;
}

/**
 * Asks the panel for its picture (WHEP). No candidates of this side are waited for: the panel tells its own, and
 * learns ours when we use them.
 * @throws {ApiError} why there is none
 */
export async function watch({ client, definition, proves, show, failed }: WatchOptions): Promise<Watching> {
  const { peer, close: hangUp } = pagePeer();
  const media = new MediaStream();
  try {
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addTransceiver("audio", { direction: "recvonly" });
    // A word that is lost is not sent again: a newer one follows.
    const channel = proves
      ? peer.createDataChannel("presented", { ordered: false, maxRetransmits: 0 })
      : undefined;
    peer.ontrack = ({ track }) => media.addTrack(track);
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "failed") failed();
    };
    await peer.setLocalDescription();
    const offer = peer.localDescription?.sdp ?? "";
    const path = `/plugins/camera/whep?definition=${definition}`;
    const response = await client.exchange(path, "application/sdp", offer);
    const session = response.headers.get("location")?.split("/").at(-1) ?? "";
    const close = () => {
      media.getTracks().forEach((track) => track.stop());
      client.delete(`/plugins/camera/whep/${session}`).catch(() => {}).finally(hangUp);
    };
    try {
      await peer.setRemoteDescription({ type: "answer", sdp: await response.text() });
    } catch (error) {
      close();
      throw error;
    }
    show(media);
    return {
      received: () => packetsOf(peer),
      choose: (next) => client.patch(`/plugins/camera/whep/${session}`, { definition: next }),
      presented(rtpTime) {
        if (channel?.readyState === "open") channel.send(String(rtpTime));
      },
      close,
    };
  } catch (error) {
    hangUp();
    throw error;
  }
}

async function packetsOf(peer: RTCPeerConnection): Promise<Received> {
  const received = { picture: 0, sound: 0 };
  (await peer.getStats()).forEach((report) => {
    if (report.type !== "inbound-rtp") return;
    received[report.kind === "video" ? "picture" : "sound"] = report.packetsReceived;
  });
  return received;
}
