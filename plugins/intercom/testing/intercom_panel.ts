import type { TestDevice } from "../../../core/testing/device.ts";
import { MediaPanel, panelWith } from "../../testing/media_panel.ts";

/** A whole panel with an intercom. */
export class IntercomPanel extends MediaPanel {
  static async start(settings: { [key: string]: unknown } = {}): Promise<IntercomPanel> {
    return new IntercomPanel(await panelWith("intercom", settings), "intercom");
  }

  talk(device?: TestDevice, query = ""): Promise<Response> {
    return this.offer(`/whip${query}`, device);
  }

  /** Takes all access from somebody of this role. */
  async revoke(role: string): Promise<void> {
    const { status } = await this.panel.api("DELETE", `/members/${await this.memberOf(role)}`);
    if (status !== 204) throw new Error(`Nobody is revoked: ${status}`);
  }

  async memberOf(role: string): Promise<string> {
    const { body } = await this.panel.get("/members");
    return body.find((member: { role: string }) => member.role === role).id;
  }

  /** Brings a quick reply. */
  bring(name: string, sound: Uint8Array = new Uint8Array(10), device?: TestDevice): Promise<Response> {
    const sent = { type: "application/octet-stream", body: sound, ...(device ? { device } : {}) };
    return this.send("POST", `/replies?name=${encodeURIComponent(name)}`, sent);
  }
}
