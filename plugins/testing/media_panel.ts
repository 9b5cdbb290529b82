import { TestDevice } from "../../core/testing/device.ts";
import { Panel, type Reply } from "../../tests/harness/panel.ts";

const ORIGIN = "http://127.0.0.1:8080";

/** A whole panel whose media process is faked, for the tests of one of its plugins. */
export class MediaPanel implements AsyncDisposable {
  readonly panel: Panel;
  readonly #id: string;

  /** @param id of the plugin, and of its part */
  constructor(panel: Panel, id: string) {
    this.panel = panel;
    this.#id = id;
  }

  get media() {
    return this.panel.media;
  }

  /** A signed request below the plugin's routes, its answer as it comes. */
  async send(
    method: string,
    path: string,
    { device = this.panel.device, type, body }: {
      device?: TestDevice;
      type?: string;
      body?: string | Uint8Array;
    } = {},
  ): Promise<Response> {
    const url = path.startsWith("/api/") ? `${ORIGIN}${path}` : `${ORIGIN}/api/v1/plugins/${this.#id}${path}`;
    // For its nonce.
    await this.panel.api("GET", "/me", undefined, device);
    const headers = {
      ...device.headers(method, url),
      ...(type === undefined ? {} : { "content-type": type }),
    };
    return await this.panel.runtime.fetch(
      new Request(url, { method, headers, ...(body === undefined ? {} : { body: body as BodyInit }) }),
    );
  }

  /** Sends an offer to be seen or heard. */
  offer(path: string, device: TestDevice = this.panel.device): Promise<Response> {
    return this.send("POST", path, { device, type: "application/sdp", body: "v=0\r\n" });
  }

  /** Somebody with a device of their own. */
  async join(role: string, more: { [key: string]: unknown } = {}): Promise<TestDevice> {
    const invited = await this.panel.post("/invitations", { name: "Bruno", role, ...more });
    const device = new TestDevice();
    device.nonce = this.panel.device.nonce;
    const body = { code: invited.body.code, deviceName: "Phone" };
    const joined = await this.panel.api("POST", "/join", body, device);
    if (joined.status !== 201) throw new Error(`Nobody joins: ${JSON.stringify([invited, joined])}`);
    device.token = joined.body.token;
    return device;
  }

  /** The state of the plugin's part as pages see it. */
  async state(): Promise<Reply["body"]> {
    const { body } = await this.panel.get("/parts");
    return body.find(({ id }: { id: string }) => id === this.#id)?.state;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.panel[Symbol.asyncDispose]();
  }
}

export async function panelWith(id: string, settings: { [key: string]: unknown }): Promise<Panel> {
  const panel = await Panel.start({ config: { plugins: { [id]: settings } } });
  panel.media.set(true);
  await panel.advance(0);
  return panel;
}
