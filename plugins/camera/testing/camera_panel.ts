import type { TestDevice } from "../../../core/testing/device.ts";
import { MediaPanel, panelWith } from "../../testing/media_panel.ts";

/** A whole panel with a camera. */
export class CameraPanel extends MediaPanel {
  static async start(settings: { [key: string]: unknown } = {}): Promise<CameraPanel> {
    return new CameraPanel(await panelWith("camera", settings), "camera");
  }

  watch(device?: TestDevice, query = ""): Promise<Response> {
    return this.offer(`/whep${query}`, device);
  }
}
