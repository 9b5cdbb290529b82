import {
  boardService,
  definePlugin,
  LatchkeyError,
  membersChanged,
  openOverride,
  type Override,
  partChanged,
  partsPoint,
  sightsPoint,
  timeService,
} from "../../core/mod.ts";
import {
  type Area,
  areasSchema,
  type CameraSpec,
  definitionsOf,
  imageSchema,
  mediaCameraChanged,
  mediaService,
  mediaSessionEnded,
  MOST_JPEGS,
  MOST_VIEWERS,
  passedThrough,
} from "../../media/keys.ts";
import { areaRoutes, type Areas } from "./area_routes.ts";
import {
  CAMERA,
  type CameraService,
  cameraService,
  type CameraState,
  type Definition,
  type Image,
  type ImageChange,
  imageChangeSchema,
} from "./keys.ts";
import { followMotion } from "./motion.ts";
import { cameraRoutes } from "./routes.ts";
import { settingsSchema, specOf } from "./settings.ts";
import { Viewers } from "./viewers.ts";

const SIMULATED = "sim";
const WHOLE: Area = { x: 0, y: 0, width: 1_000, height: 1_000 };

export default definePlugin({
  id: "camera",
  api: 1,
  title: "Camera",
  config: settingsSchema,
  uses: [boardService, mediaService, timeService],
  async setup(ctx) {
    const media = ctx.use(mediaService);
    const { driver } = await ctx.use(boardService).describe();
    // To know the zone costs memory.
    const zone = ctx.config.overlayTime ? await ctx.use(timeService).zone() : null;
    const image = await openOverride(ctx.store, {
      key: "image",
      schema: imageSchema,
      first: ctx.config.image,
      log: ctx.log,
    });
    const { enabled, sensitivity } = ctx.config.motion;
    const [privacyAreas, zones] = await Promise.all([
      // Where nobody knows what has to be covered, all of it is.
      openAreas("privacy-areas", ctx.config.privacyAreas, [WHOLE]),
      openAreas("motion-zones", ctx.config.motion.zones),
    ]);
    const place = { id: CAMERA, zone, simulated: driver === SIMULATED };
    const basis = specOf(ctx.config, place);
    const definitions = basis ? definitionsOf(basis.source.native) : [];
    let fault = "";

    const motion = followMotion(ctx, { media, sensitivity: enabled ? sensitivity : undefined, told });
    const viewers = new Viewers({ after: ctx.after, changed: told });
    const spec = (): CameraSpec | null =>
      basis ? { ...basis, image: image.now, privacyAreas: privacyAreas.now } : null;
    const state = (): CameraState => ({
      definitions,
      definition: definition(undefined),
      fault,
      viewers: viewers.size,
      motion: motion.now,
      looksOut: enabled,
      image: image.now,
      areasCost: basis !== undefined &&
        passedThrough({ ...basis, image: image.now, privacyAreas: [] }) !== undefined,
    });

    function definition(asked: Definition | undefined): Definition {
      if (!basis) throw new LatchkeyError("camera-none", "No camera is configured", { status: 404 });
      const usual = definitions.includes(ctx.config.definition) ? ctx.config.definition : basis.source.native;
      const wanted = asked ?? usual;
      if (definitions.includes(wanted)) return wanted;
      throw new LatchkeyError(
        "definition-unknown",
        `This camera has no definition "${wanted}"; it has ${definitions.join(", ")}`,
        { status: 404 },
      );
    }

    function told(): void {
      if (basis && !ctx.signal.aborted) ctx.emit(partChanged, { id: CAMERA, state: state() });
    }

    async function setImage(change: ImageChange): Promise<Image> {
      definition(undefined);
      await image.change((now) => imageSchema.parse({ ...now, ...change }));
      await apply();
      told();
      return image.now;
    }

    function openAreas(key: string, first: Area[], unreadable = first): Promise<Override<Area[]>> {
      return openOverride(ctx.store, { key, schema: areasSchema, first, unreadable, log: ctx.log });
    }

    function areasOf(kept: Override<Area[]>, changed = () => {}): Areas {
      return {
        list() {
          definition(undefined);
          return kept.now;
        },
        async set(areas) {
          definition(undefined);
          await kept.change(() => areas);
          await apply();
          changed();
          told();
          return kept.now;
        },
      };
    }

    /** Resolved when nobody is shown a picture of before. */
    async function apply(): Promise<void> {
      const now = spec();
      await media.setCamera(CAMERA, now);
      // Where it costs least: that changes with what is done to the picture.
      if (!now) return;
      await motion.lookAt({ definition: passedThrough(now) ?? definition(undefined), zones: zones.now });
    }

    const camera: CameraService = {
      state: () => Promise.resolve().then(state),
      snapshot: async (asked) => await media.snapshot(CAMERA, definition(asked)),
      view: async (offer, asked) =>
        await media.view({ camera: CAMERA, definition: definition(asked), offer }),
      leave: (session) => media.leave(session),
      recordable() {
        const now = spec();
        return Promise.resolve({ definitions, compressed: now ? passedThrough(now) : undefined });
      },
      setImage,
    };

    ctx.on(mediaCameraChanged, (change) => {
      if (change.camera !== CAMERA || change.fault === fault) return;
      fault = change.fault;
      told();
    });
    ctx.on(mediaSessionEnded, ({ session }) => viewers.delete(session));
    ctx.on(membersChanged, ({ devices }) => viewers.endOf(devices));
    ctx.defer("the camera", () => media.setCamera(CAMERA, null).catch(() => {}));
    ctx.defer("those who look", () => viewers.endAll());
    await apply();

    ctx.provide(cameraService, camera);
    ctx.routes([
      ...cameraRoutes({ ctx, camera, media, viewers, definition }),
      ...areaRoutes({
        privacy: areasOf(privacyAreas, () => viewers.endStreams()),
        zones: areasOf(zones),
      }),
    ]);
    if (!basis) return;
    ctx.contribute(sightsPoint, {
      id: CAMERA,
      async shownMs(deviceId) {
        const ages = await Promise.all(viewers.idsOf(deviceId).map((id) => media.presentedMs(id)));
        return ages.reduce(
          (least, ms) => least === undefined || (ms ?? Infinity) < least ? ms : least,
          undefined,
        );
      },
    });
    ctx.contribute(partsPoint, {
      id: CAMERA,
      kind: "camera",
      name: ctx.config.name,
      state: () => Promise.resolve(state()),
      values: {
        viewers: { type: "number", name: "Viewers", min: 0, max: MOST_VIEWERS + MOST_JPEGS },
        fault: { type: "text", name: "Why there is no picture" },
        motion: { type: "flag", name: "Motion" },
      },
      events: { types: ["motion"], meaning: "motion" },
      // The coarsest: it is enough to see who it is, and small.
      picture: () => camera.snapshot(definitions.at(-1)),
      commands: {
        image: {
          args: imageChangeSchema,
          async run(args) {
            await setImage(imageChangeSchema.parse(args));
          },
        },
      },
    });
  },
});
