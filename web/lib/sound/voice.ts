/// <reference lib="dom" />
import type { Client } from "../api/client.ts";
import { pagePeer } from "../page_peer.ts";

/** A connection by which this page is heard. */
export interface Voice {
  /** What the panel calls it. */
  readonly session: string;
  /** While muted nothing is sent. */
  mute(muted: boolean): Promise<void>;
  close(): void;
}

export interface VoiceOptions {
  client: Client;
  /** The route that takes the offer. */
  path: string;
  /** Below it a session is ended by its name. */
  sessions: string;
  microphone: MediaStreamTrack;
  muted: boolean;
  /** The connection has broken down. */
  failed(): void;
  /** The panel has closed it. */
  closed?(): void;
}

/** The panel gives up one of whom nothing comes for 8 s, ms. */
const ALIVE_EVERY_MS = 2_000;

/**
 * Asks the panel to be heard (WHIP).
 * @throws {ApiError} `talk-busy` and why else not
 */
export async function speak(options: VoiceOptions): Promise<Voice> {
  const { client, path, sessions, microphone, muted, failed, closed } = options;
  const { peer, close: hangUp } = pagePeer();
  try {
    const { sender } = peer.addTransceiver(microphone, { direction: "sendonly" });
    const channel = peer.createDataChannel("alive", { ordered: false, maxRetransmits: 0 });
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "failed") failed();
      else if (peer.connectionState === "closed") closed?.();
    };
    await peer.setLocalDescription();
    const offer = peer.localDescription?.sdp ?? "";
    if (muted) await sender.replaceTrack(null);
    const response = await client.exchange(path, "application/sdp", offer);
    const session = response.headers.get("location")?.split("/").at(-1) ?? "";
    const alive = setInterval(() => {
      if (channel.readyState === "open") channel.send("");
    }, ALIVE_EVERY_MS);
    const close = () => {
      clearInterval(alive);
      client.delete(`${sessions}/${session}`).catch(() => {}).finally(hangUp);
    };
    try {
      await peer.setRemoteDescription({ type: "answer", sdp: await response.text() });
    } catch (error) {
      close();
      throw error;
    }
    return { session, mute: (muted) => sender.replaceTrack(muted ? null : microphone), close };
  } catch (error) {
    hangUp();
    throw error;
  }
}
