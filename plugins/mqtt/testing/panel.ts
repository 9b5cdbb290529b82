import { type Part, partsPoint } from "../../../core/mod.ts";
import { settle } from "../../../core/testing/virtual_clock.ts";
import { type BenchOptions, startBench } from "../../testing/bench.ts";
import { bridge } from "../bridge.ts";
import { FakeBroker } from "./fake_link.ts";
import { providePanel } from "../../testing/panel.ts";

export const PANEL_ID = "0a1b2c3d";
export const BASE = `latchkey/${PANEL_ID}`;
export const DISCOVERY = `homeassistant/device/${PANEL_ID}/config`;

/** What the bridge answers a command with, as far as tests look at it. */
export interface Reply {
  ok?: boolean;
  id?: string | null;
  command?: string;
  outcome?: string;
  reason?: string;
  message?: string;
}

export interface BridgeBenchOptions extends BenchOptions {
  /** Beside the broker's URL. */
  settings?: object;
  /** What the panel is made of. */
  parts?: Part[];
  mood?: FakeBroker["mood"];
}

/** The bridge in a real host, connected to a broker that is a fake. */
export async function bridgeBench(
  { settings = {}, parts = [], mood = "well", ...options }: BridgeBenchOptions = {},
) {
  const broker = new FakeBroker();
  broker.mood = mood;
  const bench = await startBench(bridge(broker.open), {
    config: { url: "mqtt://broker.home", ...settings },
    ...options,
    provide(core) {
      providePanel(core);
      for (const part of parts) core.contribute(partsPoint, part);
      options.provide?.(core);
    },
  });
  await settle();
  const replyTo = (subject: string) => broker.link.last(`${BASE}/reply/${subject}`) as Reply;
  return { ...bench, broker, replyTo };
}
