import { z } from "zod";
import {
  type Context,
  definePlugin,
  hostNamesPoint,
  isLoopback,
  type Json,
  localName,
  membersChanged,
  type PanelDescription,
  panelService,
  partChanged,
  partsPoint,
  type Plugin,
} from "../../core/mod.ts";
import type { Names, Numbers } from "./names.ts";
import type { Network } from "./network.ts";
import type { Advert } from "./records.ts";
import { type Settings, settingsSchema } from "./settings.ts";

const PART = "discovery";
const NUMBERS = "numbers";
const keptSchema = z.strictObject({
  /** The names wanted when they were given. */
  instance: z.string(),
  host: z.string(),
  numbers: z.strictObject({ instance: z.number().int().min(1), host: z.number().int().min(1) }),
});

/** The plugin on a network, which is loaded where it is needed only. */
export function discoveryOn(network: () => Promise<Network>): Plugin {
  return definePlugin({
    id: PART,
    api: 1,
    title: "Discovery",
    config: settingsSchema,
    uses: [panelService],
    async setup(ctx) {
      const panel = await ctx.use(panelService).describe();
      const why = silentBecause(ctx.config, panel);
      if (why !== undefined) {
        showPart(
          ctx,
          () => ({ advertised: false, name: null, hostName: null, interfaces: [], reasons: [why] }),
        );
        return;
      }
      await advertise(ctx, panel, await network());
    },
  });
}

type Own = Context<Settings, typeof panelService>;

async function advertise(ctx: Own, panel: PanelDescription, network: Network): Promise<void> {
  const { Responder } = await import("./responder.ts");
  const wanted = wantedNames(ctx.config, panel);
  const responder = new Responder({
    network,
    clock: ctx.clock,
    log: ctx.log,
    random: () => parseInt(ctx.freshId().slice(0, 8), 16) / 2 ** 32,
    host: panel.host,
    wanted,
    numbers: await keptNumbers(ctx, wanted),
    advert: advertOf(panel),
    unicast: ctx.config.unicast,
    changed: () => void follow(),
  });
  const state = () => {
    const { names: { instance, host }, interfaces, faults } = responder;
    return {
      advertised: interfaces.length > 0,
      name: instance,
      hostName: `${host}.local`,
      interfaces,
      reasons: interfaces.length > 0 || faults.length > 0
        ? faults
        : ["No network with other devices was found yet"],
    };
  };
  let shown = "";
  let answersTo: string | undefined;
  let takeBack = () => {};

  /** The panel answers to a name once it is its own, and no longer when it is somebody else's. */
  async function follow(): Promise<void> {
    if (ctx.signal.aborted) return;
    const { advertised, hostName } = state();
    if (answersTo !== undefined && answersTo !== hostName) {
      takeBack();
      answersTo = undefined;
    }
    if (advertised && answersTo === undefined) {
      takeBack = ctx.contribute(hostNamesPoint, hostName);
      answersTo = hostName;
    }
    if (JSON.stringify(state()) !== shown) {
      shown = JSON.stringify(state());
      ctx.emit(partChanged, { id: PART, state: state() });
    }
    if (advertised) await keepNumbers(ctx, wanted, responder.numbers);
  }

  ctx.defer("advertisement", () => responder.stop());
  showPart(ctx, state);
  ctx.on(membersChanged, async () => responder.advertise(advertOf(await ctx.use(panelService).describe())));
  await responder.start();
}

/** Why nobody is told, if so. */
function silentBecause({ enabled }: Settings, { host }: PanelDescription): string | undefined {
  if (!enabled) return "Switched off in the settings";
  return isLoopback(host) ? `The panel listens on ${host} only, which no other device can reach` : undefined;
}

function showPart(ctx: Own, state: () => Record<string, Json>): void {
  ctx.contribute(partsPoint, {
    id: PART,
    kind: "sensor",
    name: "On the network",
    state: () => Promise.resolve(state()),
  });
}

function wantedNames({ name, hostName }: Settings, panel: PanelDescription): Names {
  return { instance: name ?? panel.name, host: hostName ?? localName(panel.name).replace(/\.local$/, "") };
}

/** RFC 6763, 6: whoever is in the network may know this. */
function advertOf({ id, version, claimed, port, secure }: PanelDescription): Omit<Advert, "names"> {
  return {
    types: ["_latchkey._tcp", secure ? "_https._tcp" : "_http._tcp"],
    port,
    txt: [`id=${id}`, `version=${version}`, "path=/", `claimed=${claimed}`],
  };
}

/** RFC 6762, 9: two panels of one name keep their numbers, whichever starts first. */
async function keptNumbers(ctx: Own, { instance, host }: Names): Promise<Numbers> {
  const kept = keptSchema.safeParse(await ctx.store.get<Json>(NUMBERS));
  const holds = kept.success && kept.data.instance === instance && kept.data.host === host;
  return holds ? kept.data.numbers : { instance: 1, host: 1 };
}

async function keepNumbers(ctx: Own, wanted: Names, numbers: Numbers): Promise<void> {
  const now = { ...wanted, numbers: { ...numbers } };
  if (JSON.stringify(await ctx.store.get<Json>(NUMBERS)) === JSON.stringify(now)) return;
  if (!ctx.signal.aborted) await ctx.store.set(NUMBERS, now);
}
