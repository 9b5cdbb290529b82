import { TestDevice } from "../../../core/testing/device.ts";
import { Panel, type Reply } from "../../../tests/harness/panel.ts";

const ORIGIN = "http://127.0.0.1:8080";
const ROUTES = "/api/v1/plugins/camera";

/** A whole panel with a camera, its media process faked. */
export class CameraPanel implements AsyncDisposable {
  readonly panel: Panel;

  private constructor(panel: Panel) {
    this.panel = panel;
  }

  static async start(settings: { [key: string]: unknown } = {}): Promise<CameraPanel> {
    const panel = await Panel.start({ config: { plugins: { camera: settings } } });
    panel.media.set(true);
    await panel.advance(0);
    return new CameraPanel(panel);
  }

  get media() {
    return this.panel.media;
  }

  /** A signed request below the camera's routes, its answer as it comes. */
  async send(
    method: string,
    path: string,
    { device = this.panel.device, type, body }: { device?: TestDevice; type?: string; body?: string } = {},
  ): Promise<Response> {
    const url = path.startsWith("/api/") ? `${ORIGIN}${path}` : `${ORIGIN}${ROUTES}${path}`;
    // For its nonce.
    await this.panel.api("GET", "/me", undefined, device);
    const headers = {
      ...device.headers(method, url),
      ...(type === undefined ? {} : { "content-type": type }),
    };
    return await this.panel.runtime.fetch(
      new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }),
    );
  }

  watch(device?: TestDevice, query = ""): Promise<Response> {
    const sent = { type: "application/sdp", body: "v=0\r\n" };
    return this.send("POST", `/whep${query}`, device ? { ...sent, device } : sent);
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

  /** The state of the camera as pages see it. */
  async state(): Promise<Reply["body"]> {
    const { body } = await this.panel.get("/parts");
    return body.find(({ id }: { id: string }) => id === "camera")?.state;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.panel[Symbol.asyncDispose]();
  }
}
