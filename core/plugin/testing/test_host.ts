import { z } from "zod";
import { createLog } from "../../log.ts";
import { VirtualClock } from "../../testing/virtual_clock.ts";
import { Host } from "../host.ts";
import { defineEvent, definePoint, defineService } from "../keys.ts";
import { definePlugin } from "../plugin.ts";

export interface Greeter {
  greet(name: string): Promise<string>;
}
export const greeter = defineService<Greeter>("greeter");
export const waved = defineEvent("hand.waved", z.number());
export const decided = defineEvent("door.decided", z.number(), { coreOnly: true });
export const tiles = definePoint<string>("tiles");

export function testHost() {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const log = createLog({
    level: "debug",
    now: () => clock.now(),
    sink: (line) => lines.push(JSON.stringify(line)),
  });
  const storeFor = () => ({
    get: () => Promise.resolve(undefined),
    set: async () => {},
    delete: async () => {},
  });
  const host = new Host({ clock, log, storeFor, serve: () => () => {} });
  return { clock, lines, host };
}

export const provider = (log: string[] = []) =>
  definePlugin({
    id: "provider",
    api: 1,
    setup(ctx) {
      log.push("provider up");
      ctx.defer("say so", () => void log.push("provider down"));
      ctx.provide(greeter, { greet: (name) => Promise.resolve(`Hello ${name}`) });
    },
  });

export const user = (log: string[] = []) =>
  definePlugin({
    id: "user",
    api: 1,
    uses: [greeter],
    async setup(ctx) {
      log.push(await ctx.use(greeter).greet("Anna"));
      ctx.defer("say so", () => void log.push("user down"));
    },
  });

export const stateOf = (host: Host, id: string) => host.status().find((status) => status.id === id);
