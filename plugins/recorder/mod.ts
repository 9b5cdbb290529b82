import {
  accessService,
  boardService,
  callChanged,
  callService,
  cardPresent,
  cardSlotChanged,
  definePlugin,
  errorText,
  filesService,
  panelService,
  partChanged,
  partsPoint,
  timeService,
} from "../../core/mod.ts";
import { mediaService } from "../../media/keys.ts";
import { CAMERA, cameraService } from "../camera/keys.ts";
import { keepBefore } from "./before.ts";
import { Card } from "./card/card.ts";
import { mountedSlot, simulatedSlot } from "./card/slots.ts";
import { Desk } from "./desk.ts";
import { cardStateSchema, type Cause, RECORDER, recordingChanged } from "./model.ts";
import { Library } from "./library.ts";
import { Playback } from "./playback.ts";
import { Recordings } from "./recordings.ts";
import { passwordRoutes } from "./password_routes.ts";
import { recorderRoutes } from "./routes.ts";
import { sealedWhole } from "./seal/header.ts";
import { Vault } from "./seal/vault.ts";
import { settingsSchema } from "./settings.ts";
import { watchRoutes } from "./watch_routes.ts";

/** Until the picture at a ring is asked for again, ms. */
const PICTURE_AGAIN_MS = 1_500;
/** What goes on after an event, ms. */
const AFTER_MS = 5_000;
const AFTER_BADGE_MS = 10_000;
/** How often the slot is looked at, besides when something is told of it. */
const LOOK_EVERY_MS = 5_000;
const TIDY_EVERY_MS = 60_000;
const HOUR_MS = 60 * 60_000;

export default definePlugin({
  id: "recorder",
  api: 1,
  title: "Recorder",
  config: settingsSchema,
  uses: [
    accessService,
    boardService,
    callService,
    cameraService,
    filesService,
    mediaService,
    panelService,
    timeService,
  ],
  async setup(ctx) {
    const { config, clock, log } = ctx;
    const media = ctx.use(mediaService);
    const camera = ctx.use(cameraService);
    const board = ctx.use(boardService);
    const directory = await ctx.use(filesService).directory("cards");
    const { id: panel } = await ctx.use(panelService).describe();
    const library = await Library.open(ctx.use(filesService));
    ctx.defer("the index", () => library.close());

    const vault = await Vault.restore({
      store: ctx.store,
      after: ctx.after,
      now: () => clock.monotonic(),
      changed() {
        if (!vault.open) playback.close();
        told();
      },
    });
    const playback = new Playback(vault);
    ctx.defer("what is watched", () => playback.close());
    const look = config.path === ""
      ? simulatedSlot(directory, async () => (await board.describe()).cardSlot, clock)
      : mountedSlot(config.path, directory);
    const card = new Card({ look, panel, clock, log, freshId: ctx.freshId, changed: told });
    const { definitions } = await camera.recordable();
    const definition = definitions.includes(config.definition) ? config.definition : definitions[0] ?? "hd";
    const before = keepBefore({ ctx, media, camera, definition, settings: config });
    const recordings = new Recordings({
      ...{ media, camera: CAMERA, definition, sound: config.sound, beforeMs: () => before.ms },
      ...{ card, library, vault, clock, log, freshId: ctx.freshId, changed: told },
      dated: (clip) => desk.dated({ clip }),
      cutOff: () => desk.cutOff(),
      inTurn: (work) => desk.inTurn(work),
      clipChanged: (id, change) => {
        if (!ctx.signal.aborted) ctx.emit(recordingChanged, { id, change });
      },
    });
    const other = config.keepOtherHours * HOUR_MS;
    const keepMs: Record<Cause, number> = {
      call: config.keepCallHours * HOUR_MS,
      ...{ badge: other, motion: other, manual: other },
    };
    const time = ctx.use(timeService);
    const desk: Desk = new Desk({ ctx, time, card, library, playback, recordings: () => recordings, keepMs });

    ctx.defer("the card", async () => {
      await desk.rest();
      await card.rest();
    });

    const view = () => ({
      card: card.view,
      recording: recordings.causes,
      encryption: { on: vault.on, set: vault.lockedIdentity !== undefined, open: vault.open },
    });
    const state = () => ({
      card: card.view.state,
      recording: recordings.causes.length > 0,
      byHand: recordings.causes.includes("manual"),
    });
    let last = "";

    function told(): void {
      if (ctx.signal.aborted) return;
      void desk.noticed().catch((error) => log.error("The card can't be read", { error: errorText(error) }));
      const now = state();
      if (JSON.stringify(now) === last) return;
      last = JSON.stringify(now);
      ctx.emit(partChanged, { id: RECORDER, state: now });
    }

    let ringing: string | undefined;

    /** Also where there is no card: the call log has its picture by itself. */
    async function picture(call: string): Promise<void> {
      const taken = await camera.snapshot("hd").catch(() => undefined);
      if (ctx.signal.aborted) return;
      if (!taken) {
        // The camera may only just be starting; whoever rings is there for a while.
        if (ringing === call) ctx.after(PICTURE_AGAIN_MS, () => picture(call));
        return;
      }
      const { recipient } = vault;
      const kept = recipient === undefined ? taken : await sealedWhole(recipient, taken);
      desk.dated({ picture: call });
      library.keepSnapshot(call, clock.now(), kept, recipient !== undefined);
      ctx.emit(recordingChanged, { id: call, change: "added" });
    }

    if (definitions.length > 0) {
      ctx.on(callChanged, async ({ id, state }) => {
        ringing = state === "ringing" ? id : undefined;
        if (state === "ringing") {
          if (config.onCall) recordings.start("call", id);
          await picture(id);
        }
        if (state === "ended") recordings.finish("call", AFTER_MS, id);
      });
      ctx.on(cardPresent, () => {
        if (!config.onBadge) return;
        recordings.start("badge");
        recordings.finish("badge", AFTER_BADGE_MS);
      });
      ctx.on(partChanged, async ({ id }) => {
        if (id === CAMERA) await before.look();
      });
      ctx.on(partChanged, ({ id, state }) => {
        if (!config.onMotion || id !== CAMERA) return;
        if (state["motion"] === true) recordings.start("motion");
        else recordings.finish("motion", AFTER_MS);
      });
      const running = await ctx.use(callService).current();
      if (running && config.onCall) recordings.start("call", running.id);
    }

    ctx.on(cardSlotChanged, () => card.look(true));
    ctx.every(LOOK_EVERY_MS, () => card.look());
    ctx.every(TIDY_EVERY_MS, () => desk.tidy());
    ctx.defer("what is recorded", () => recordings.endAll());
    await before.look();
    const parts = { ctx, access: ctx.use(accessService), view, card, desk, library, playback, recordings };
    ctx.routes([...recorderRoutes(parts), ...watchRoutes(parts), ...passwordRoutes({ vault })]);
    ctx.contribute(partsPoint, {
      id: RECORDER,
      kind: "sensor",
      name: "Recorder",
      state: () => Promise.resolve(state()),
      values: {
        card: { type: "choice", name: "Card", options: [...cardStateSchema.options] },
        recording: { type: "flag", name: "Recording", meaning: "running" },
        byHand: { type: "flag", name: "Recording by hand", meaning: "running" },
      },
    });
    // A slow card must not hold up the start.
    void card.look(true);
  },
});
