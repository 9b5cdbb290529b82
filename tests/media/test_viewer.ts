/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright-core";
import type { TestDevice } from "../../core/testing/device.ts";
import { answered, TestPeer } from "./test_peer.ts";
import { timeCells } from "../../media/ffmpeg/simulated.ts";
import { findChromium } from "../../scripts/test_tools.ts";
import { FLAGS } from "../browser/browser.ts";

const MEDIA_FLAGS = [
  ...FLAGS,
  "--autoplay-policy=no-user-gesture-required",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--disable-features=WebRtcHideLocalIpsWithMdns",
];

/** Where the bits of the time are, in shares of the picture. */
const CELLS = timeCells({ width: 64_000, height: 36_000 }).map(({ x, y }) => ({
  x: x / 64_000,
  y: y / 36_000,
}));

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium()!, args: MEDIA_FLAGS });
}

interface InPage {
  peer: RTCPeerConnection;
  /** For the names of frames that are presented; the viewer says none by itself. */
  channel: RTCDataChannel;
  video: HTMLVideoElement;
  /** When each frame was presented, wall time, ms. */
  frames: number[];
}

declare global {
  var viewers: InPage[];
}

/** One who watches, with a device of the test's own; several may share a page. */
export class TestViewer extends TestPeer {
  /** @param page any page of the panel */
  static async start(page: Page, device: TestDevice, origin: string, definition = "hd"): Promise<TestViewer> {
    const { index, offer } = await page.evaluate(async () => {
      const viewers = globalThis.viewers ??= [];
      const peer = new RTCPeerConnection();
      peer.addTransceiver("video", { direction: "recvonly" });
      peer.addTransceiver("audio", { direction: "recvonly" });
      const channel = peer.createDataChannel("presented");
      const video = document.createElement("video");
      Object.assign(video, { autoplay: true, muted: true, playsInline: true });
      video.srcObject = new MediaStream();
      peer.ontrack = ({ track }) => (video.srcObject as MediaStream).addTrack(track);
      document.body.append(video);
      const viewer: InPage = { peer, channel, video, frames: [] };
      const note = () => {
        viewer.frames.push(Date.now());
        video.requestVideoFrameCallback(note);
      };
      video.requestVideoFrameCallback(note);
      await peer.setLocalDescription();
      return { index: viewers.push(viewer) - 1, offer: peer.localDescription!.sdp };
    });
    const url = `${origin}/api/v1/plugins/camera/whep?definition=${definition}`;
    const { sdp, place } = await answered(device, url, offer);
    await page.evaluate(async ({ index, sdp }) => {
      await globalThis.viewers[index]!.peer.setRemoteDescription({ type: "answer", sdp });
    }, { index, sdp });
    return new TestViewer({ page, device, origin, place, index });
  }

  /** Waits until so many frames were presented. */
  async frames(count: number): Promise<void> {
    await this.page.waitForFunction(
      ([index, count]) => globalThis.viewers[index]!.frames.length >= count,
      [this.index, count] as const,
    );
  }

  /** When each frame was presented, wall time, ms. */
  presented(): Promise<number[]> {
    return this.page.evaluate((index) => globalThis.viewers[index]!.frames, this.index);
  }

  async size(): Promise<[number, number]> {
    return await this.page.evaluate((index) => {
      const { videoWidth, videoHeight } = globalThis.viewers[index]!.video;
      return [videoWidth, videoHeight];
    }, this.index);
  }

  /** Colours of the picture that is seen now, at shares of its width and height. */
  pixels(places: readonly (readonly [number, number])[]): Promise<[number, number, number][]> {
    return this.page.evaluate(({ index, places }) => {
      const { video } = globalThis.viewers[index]!;
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      const context = canvas.getContext("2d", { willReadFrequently: true })!;
      context.drawImage(video, 0, 0);
      return places.map(([x, y]) => {
        const { data } = context.getImageData(
          Math.floor(x * canvas.width),
          Math.floor(y * canvas.height),
          1,
          1,
        );
        return [data[0]!, data[1]!, data[2]!] as [number, number, number];
      });
    }, { index: this.index, places });
  }

  /** The camera's clock in the picture that is seen now: ms, modulo 65,536. */
  async shownTime(): Promise<number> {
    const cells = await this.pixels(CELLS.map(({ x, y }) => [x, y] as const));
    return cells.reduce((sum, [, green], bit) => sum + (green > 128 ? 2 ** bit : 0), 0);
  }

  /** How old, by the camera's clock, the next pictures are when the browser shows them, ms. */
  delays(count: number): Promise<number[]> {
    return this.page.evaluate(({ index, count, cells }) => {
      const { video } = globalThis.viewers[index]!;
      const canvas = document.createElement("canvas");
      const context = canvas.getContext("2d", { willReadFrequently: true })!;
      // The row of squares alone, one pixel high: to read a whole picture takes longer than to show it.
      const row = Math.floor(cells[0]!.y * video.videoHeight);
      canvas.width = video.videoWidth;
      canvas.height = 1;
      const delays: number[] = [];
      return new Promise<number[]>((done) => {
        const look = () => {
          const now = Date.now();
          context.drawImage(video, 0, row, canvas.width, 1, 0, 0, canvas.width, 1);
          const { data } = context.getImageData(0, 0, canvas.width, 1);
          const shown = cells.reduce((sum, { x }, bit) => {
            const green = data[Math.floor(x * canvas.width) * 4 + 1]!;
            return sum + (green > 128 ? 2 ** bit : 0);
          }, 0);
          delays.push((now - shown % 65_536 + 131_072) % 65_536);
          if (delays.length < count) video.requestVideoFrameCallback(look);
          else done(delays);
        };
        video.requestVideoFrameCallback(look);
      });
    }, { index: this.index, count, cells: CELLS });
  }

  /** What the sound that came is made of: packets, and whether it is more than silence. */
  sound(): Promise<{ packets: number; energy: number }> {
    return this.page.evaluate(async (index) => {
      const sum = { packets: 0, energy: 0 };
      (await globalThis.viewers[index]!.peer.getStats()).forEach((report) => {
        if (report.type !== "inbound-rtp" || report.kind !== "audio") return;
        sum.packets = report.packetsReceived;
        sum.energy = report.totalAudioEnergy;
      });
      return sum;
    }, this.index);
  }

  async choose(definition: string): Promise<number> {
    const url = `${this.origin}${this.place}`;
    const response = await this.device.send(fetch, "PATCH", url, { definition });
    await response.body?.cancel();
    return response.status;
  }
}
