import {
  boardService,
  definePlugin,
  type Json,
  LatchkeyError,
  membersChanged,
  openOverride,
  type OverrideOptions,
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
import {
  CAMERA,
  type CameraService,
  cameraService,
  type CameraState,
  type Definition,
  type Image,
  type ImageChange,
  type MotionSettings,
  motionSettingsSchema,
} from "./keys.ts";
import { followMotion } from "./motion.ts";
import { type Kept, ownerRoutes } from "./owner_routes.ts";
import { cameraRoutes } from "./routes.ts";
import { settingsSchema, specOf } from "./settings.ts";
import { Viewers } from "./viewers.ts";

const SIMULATED = "sim";
const WHOLE: Area = { x: 0, y: 0, width: 1_000, height: 1_000 };
const AS_IT_COMES: Image = { brightness: 0, contrast: 0, flip: "none", night: false };

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
    const { zones: givenZones, ...givenWish } = ctx.config.motion;
    const [image, privacyAreas, zones, wish] = await Promise.all([
      open("image", { schema: imageSchema, first: ctx.config.image }),
      // Where nobody knows what has to be covered, all of it is.
      open("privacy-areas", { schema: areasSchema, first: ctx.config.privacyAreas, unreadable: [WHOLE] }),
      open("motion-zones", { schema: areasSchema, first: givenZones }),
      open("motion", { schema: motionSettingsSchema.omit({ zones: true }), first: givenWish }),
    ]);
    const place = { id: CAMERA, zone, simulated: driver === SIMULATED };
    const basis = specOf(ctx.config, place);
    const definitions = basis ? definitionsOf(basis.source.native) : [];
    let fault = "";

    const motion = followMotion(ctx, { media, told });
    const viewers = new Viewers({ after: ctx.after, changed: told });
    const spec = (): CameraSpec | null =>
      basis ? { ...basis, image: image.now, privacyAreas: privacyAreas.now } : null;
    const lookout = (): MotionSettings => ({ ...wish.now, zones: zones.now });
    const state = (): CameraState => ({
      definitions,
      definition: definition(undefined),
      fault,
      viewers: viewers.size,
      motion: motion.now,
      looksOut: wish.now.enabled,
      image: image.now,
      areasCost: isCompressed({ image: image.now, privacyAreas: [] }),
      imageCosts: isCompressed({ image: AS_IT_COMES, privacyAreas: privacyAreas.now }),
    });

    function open<T extends Json>(key: string, options: Omit<OverrideOptions<T>, "key" | "log">) {
      return openOverride(ctx.store, { ...options, key, log: ctx.log });
    }

    function isCompressed(done: Pick<CameraSpec, "image" | "privacyAreas">): boolean {
      return basis !== undefined && passedThrough({ ...basis, ...done }) !== undefined;
    }

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
      await inForce(show);
      return image.now;
    }

    function keptBy<T>(
      now: () => T,
      change: (value: T) => Promise<void>,
      apply: () => Promise<void>,
    ): Kept<T> {
      return {
        get() {
          definition(undefined);
          return now();
        },
        async set(value) {
          definition(undefined);
          await change(value);
          await inForce(apply);
          return now();
        },
      };
    }

    /** What is kept is told, also where it could not be put in force yet. */
    async function inForce(apply: () => Promise<void>): Promise<void> {
      try {
        await apply();
      } finally {
        told();
      }
    }

    /** Resolved when nobody is shown a picture of before. */
    async function show(): Promise<void> {
      await media.setCamera(CAMERA, spec());
      await look();
    }

    /** Where it costs least: that changes with what is done to the picture. */
    async function look(): Promise<void> {
      const now = spec();
      const { enabled, ...watch } = lookout();
      if (!now || !enabled) return await motion.lookAt(undefined);
      await motion.lookAt({ definition: passedThrough(now) ?? definition(undefined), ...watch });
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
    await show();

    ctx.provide(cameraService, camera);
    ctx.routes([
      ...cameraRoutes({ ctx, camera, media, viewers, definition }),
      ...ownerRoutes({
        camera,
        privacyAreas: keptBy(
          () => privacyAreas.now,
          (areas) => privacyAreas.change(() => areas),
          async () => {
            await show();
            viewers.endStreams();
          },
        ),
        motion: keptBy(lookout, async ({ zones: drawn, ...wished }) => {
          // Each yields to its own settings: a sensitivity given there takes away no zone.
          await Promise.all([zones.change(() => drawn), wish.change(() => wished)]);
        }, look),
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
    });
  },
});
