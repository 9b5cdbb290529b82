/// <reference lib="dom" />
import type { Page } from "playwright-core";
import type { TestDevice } from "../../core/testing/device.ts";

declare global {
  var talkers: { peer: RTCPeerConnection; sender: RTCRtpSender; track: MediaStreamTrack }[];
}

/** One who speaks from a browser, with a device of the test's own and the browser's microphone, which beeps. */
export class TestTalker {
  readonly page: Page;
  readonly place: string;
  readonly #device: TestDevice;
  readonly #origin: string;
  readonly #index: number;

  private constructor(page: Page, device: TestDevice, origin: string, index: number, place: string) {
    this.page = page;
    this.place = place;
    this.#device = device;
    this.#origin = origin;
    this.#index = index;
  }

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
    const response = await device.send(fetch, "POST", `${origin}/api/v1${path}`, offer, {
      "content-type": "application/sdp",
    });
    const sdp = await response.text();
    if (response.status !== 201) throw new Error(`The offer was answered ${response.status}: ${sdp}`);
    await page.evaluate(async ({ index, sdp }) => {
      await globalThis.talkers[index]!.peer.setRemoteDescription({ type: "answer", sdp });
    }, { index, sdp });
    return new TestTalker(page, device, origin, index, response.headers.get("location")!);
  }

  /** Nothing is sent while muted. */
  mute(muted: boolean): Promise<void> {
    return this.page.evaluate(async ({ index, muted }) => {
      const { sender, track } = globalThis.talkers[index]!;
      await sender.replaceTrack(muted ? null : track);
    }, { index: this.#index, muted });
  }

  async leave(): Promise<number> {
    const response = await this.#device.send(fetch, "DELETE", `${this.#origin}${this.place}`);
    await response.body?.cancel();
    return response.status;
  }
}
