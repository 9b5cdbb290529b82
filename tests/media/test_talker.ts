/// <reference lib="dom" />
import type { Page } from "playwright-core";
import type { TestDevice } from "../../core/testing/device.ts";
import { answered, TestPeer } from "./test_peer.ts";

declare global {
  var talkers: { peer: RTCPeerConnection; sender: RTCRtpSender; track: MediaStreamTrack }[];
}

/** One who speaks from a browser, with a device of the test's own and the browser's microphone, which beeps. */
export class TestTalker extends TestPeer {
  /** @param path of the route that takes the offer */
  static async start(page: Page, device: TestDevice, origin: string, path: string): Promise<TestTalker> {
    const { index, offer } = await page.evaluate(async () => {
      const talkers = globalThis.talkers ??= [];
      const media = await navigator.mediaDevices.getUserMedia({ audio: true });
      const peer = new RTCPeerConnection();
      const track = media.getAudioTracks()[0]!;
      const { sender } = peer.addTransceiver(track, { direction: "sendonly" });
      peer.createDataChannel("alive");
      await peer.setLocalDescription();
      return { index: talkers.push({ peer, sender, track }) - 1, offer: peer.localDescription!.sdp };
    });
    const { sdp, place } = await answered(device, `${origin}/api/v1${path}`, offer);
    await page.evaluate(async ({ index, sdp }) => {
      await globalThis.talkers[index]!.peer.setRemoteDescription({ type: "answer", sdp });
    }, { index, sdp });
    return new TestTalker({ page, device, origin, place, index });
  }

  /** Nothing is sent while muted. */
  mute(muted: boolean): Promise<void> {
    return this.page.evaluate(async ({ index, muted }) => {
      const { sender, track } = globalThis.talkers[index]!;
      await sender.replaceTrack(muted ? null : track);
    }, { index: this.index, muted });
  }
}
