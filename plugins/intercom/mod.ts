import { z } from "zod";
import {
  boardService,
  definePlugin,
  membersChanged,
  openOverride,
  partChanged,
  partCommand,
  partsPoint,
} from "../../core/mod.ts";
import { mediaService, mediaSessionEnded, mediaSoundChanged } from "../../media/keys.ts";
import { INTERCOM, type IntercomState } from "./keys.ts";
import { Replies } from "./replies.ts";
import { intercomRoutes } from "./routes.ts";
import { settingsSchema, specOf, volumeSchema } from "./settings.ts";
import { Talks } from "./talk.ts";

const SIMULATED = "sim";

export default definePlugin({
  id: INTERCOM,
  api: 1,
  title: "Intercom",
  config: settingsSchema,
  uses: [boardService, mediaService],
  async setup(ctx) {
    const media = ctx.use(mediaService);
    const { driver } = await ctx.use(boardService).describe();
    const volume = await openOverride(ctx.store, {
      key: "volume",
      schema: volumeSchema,
      first: ctx.config.volume,
      log: ctx.log,
    });
    const replies = await Replies.open(ctx.store, (sentence) => ctx.log.error(sentence));
    const spec = () => specOf(ctx.config, { simulated: driver === SIMULATED, volume: volume.now });
    const { loudspeaker, microphone } = spec();
    let fault = "";

    const talks = new Talks({
      after: ctx.after,
      end: (session) => void media.leave(session).catch(() => {}),
      changed: told,
    });
    const state = (): IntercomState => {
      const { now } = talks;
      return {
        fault,
        speaking: now !== undefined,
        talk: now ? { session: now.session, by: now.by, reply: now.reply } : null,
        volume: volume.now,
        duplex: ctx.config.duplex,
        replies: [...replies.list],
      };
    };

    function told(): void {
      if (loudspeaker && !ctx.signal.aborted) ctx.emit(partChanged, { id: INTERCOM, state: state() });
    }

    ctx.on(mediaSoundChanged, (change) => {
      if (change.fault === fault) return;
      ({ fault } = change);
      told();
    });
    ctx.on(mediaSessionEnded, ({ session }) => talks.over(session));
    ctx.on(membersChanged, ({ devices }) => talks.endOf(devices));
    if (loudspeaker || microphone) {
      ctx.defer("loudspeaker and microphone", () => media.setSound(null).catch(() => {}));
      await media.setSound(spec());
    }
    ctx.routes(intercomRoutes({ ctx, media, talks, replies, changed: told }));
    if (!loudspeaker) return;
    ctx.contribute(partsPoint, {
      id: INTERCOM,
      kind: "sensor",
      name: "Intercom",
      state: () => Promise.resolve(state()),
      values: {
        speaking: { type: "flag", name: "Somebody speaks at the panel", meaning: "running" },
        volume: { type: "number", name: "Loudspeaker", unit: "%", min: 0, max: 100, command: "volume" },
        fault: { type: "text", name: "Why nobody can be heard" },
      },
      commands: {
        volume: partCommand(z.strictObject({ volume: volumeSchema }), async (wish) => {
          await volume.change(() => wish.volume);
          await media.setSound(spec());
          told();
        }),
      },
    });
  },
});
