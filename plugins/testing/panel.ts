import { type Context, type PanelDescription, panelService } from "../../core/mod.ts";

const PANEL: PanelDescription = {
  id: "0a1b2c3d",
  name: "Front door",
  version: "1.2.3",
  claimed: true,
  host: "127.0.0.1",
  port: 8080,
  secure: false,
};

/** What plugins are told of the panel. */
export function providePanel(core: Context, given: Partial<PanelDescription> = {}): void {
  core.provide(panelService, { describe: () => Promise.resolve({ ...PANEL, ...given }) });
}
