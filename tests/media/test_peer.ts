import type { Page } from "playwright-core";
import type { TestDevice } from "../../core/testing/device.ts";

export interface PeerParts {
  page: Page;
  device: TestDevice;
  origin: string;
  /** Of the session: what ends it. */
  place: string;
  /** Among those of its kind in the page. */
  index: number;
}

/** Gives the panel an offer as WHIP and WHEP do. @returns its answer, and what the session is called */
export async function answered(
  device: TestDevice,
  url: string,
  offer: string,
): Promise<{ sdp: string; place: string }> {
  const response = await device.send(fetch, "POST", url, offer, { "content-type": "application/sdp" });
  const sdp = await response.text();
  if (response.status !== 201) throw new Error(`The offer was answered ${response.status}: ${sdp}`);
  return { sdp, place: response.headers.get("location")! };
}

/** One end of a connection that a page has to the panel, with a device of the test's own. */
export class TestPeer {
  readonly page: Page;
  readonly place: string;
  protected readonly device: TestDevice;
  protected readonly origin: string;
  protected readonly index: number;

  constructor({ page, device, origin, place, index }: PeerParts) {
    this.page = page;
    this.place = place;
    this.device = device;
    this.origin = origin;
    this.index = index;
  }

  /** @returns the status of the answer */
  async leave(): Promise<number> {
    const response = await this.device.send(fetch, "DELETE", `${this.origin}${this.place}`);
    await response.body?.cancel();
    return response.status;
  }
}
