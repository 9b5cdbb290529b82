import type { Log } from "../../../core/mod.ts";
import { VirtualClock } from "../../../core/testing/virtual_clock.ts";
import type { Interface } from "../network.ts";
import { Responder, type ResponderOptions } from "../responder.ts";
import { ETH, FakeNetwork } from "./fake_network.ts";

/** Until the names are sure: a pause of half a probe's time, three probes. */
export const PROBING_MS = 875;

export const ADVERT = {
  types: ["_latchkey._tcp", "_https._tcp"],
  port: 8443,
  txt: ["id=0123456789abcdef", "version=0.1.0", "path=/", "claimed=false"],
};

export const LATCHKEY = "Front door._latchkey._tcp.local";
export const HTTPS = "Front door._https._tcp.local";

/** A responder on a network and a clock of its own; all that is left to chance falls in the middle. */
export async function startPanel(
  options: Partial<ResponderOptions> = {},
  interfaces: Interface[] = [ETH],
) {
  const clock = new VirtualClock();
  const network = new FakeNetwork(interfaces);
  /** Told to whoever reads the log, but for what is for developers. */
  const lines: string[] = [];
  const write = (message: string) => void lines.push(message);
  const log: Log = { debug() {}, info: write, warn: write, error: write, child: () => log };
  const responder = new Responder({
    network,
    clock,
    log,
    random: () => 0.5,
    host: "0.0.0.0",
    wanted: { instance: "Front door", host: "front-door" },
    numbers: { instance: 1, host: 1 },
    advert: ADVERT,
    unicast: false,
    changed: () => {},
    ...options,
  });
  await responder.start();
  return { clock, network, responder, lines };
}

/** One that has announced itself, a while ago, to a network that has forgotten what it heard. */
export async function settledPanel(options: Partial<ResponderOptions> = {}, interfaces: Interface[] = [ETH]) {
  const panel = await startPanel(options, interfaces);
  await panel.clock.advance(60_000);
  panel.network.take();
  return panel;
}
