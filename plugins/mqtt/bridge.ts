import {
  type AccessService,
  accessService,
  type Actor,
  type CallService,
  callService,
  type Context,
  definePlugin,
  integrationsPoint,
  type PanelDescription,
  panelService,
  type Plugin,
  throttledRecord,
  type TimeService,
  timeService,
} from "../../core/mod.ts";
import { tellAccess } from "./access_events.ts";
import { Announcer } from "./announcer.ts";
import { BrokerDoor } from "./broker_door.ts";
import { CommandDesk, type CommandDeskParts } from "./commands.ts";
import { Connection } from "./connection.ts";
import { Delivery } from "./delivery.ts";
import { tellDiagnostics } from "./diagnostics.ts";
import { discoveryMessage, discoveryTopic } from "./discovery.ts";
import { entitiesOf, panelEntities } from "./entities.ts";
import { tellEvents } from "./events.ts";
import { Journal } from "./journal.ts";
import { JournalFile } from "./journal_file.ts";
import { brokerChanged, brokerService } from "./keys.ts";
import type { OpenLink } from "./link.ts";
import { readLogin } from "./login.ts";
import { PartBook } from "./part_book.ts";
import { Pictures } from "./pictures.ts";
import { ReleaseDesk } from "./releases.ts";
import { Replies } from "./replies.ts";
import { Retained } from "./retained.ts";
import { Subscriptions } from "./subscriptions.ts";
import { type Broker, brokerOf, type Settings, settingsSchema } from "./settings.ts";
import { type Topics, topicsUnder } from "./topics.ts";

export interface BridgeOptions {
  /** How often a broker that says nothing is asked whether it is there, s. */
  keepaliveSeconds?: number;
}

/** The bridge between a panel and a broker, which is reached by `open`. */
export function bridge(open: OpenLink, { keepaliveSeconds = 15 }: BridgeOptions = {}): Plugin {
  return definePlugin({
    id: "mqtt",
    api: 1,
    title: "MQTT",
    config: settingsSchema,
    uses: [accessService, callService, panelService, timeService],
    async setup(ctx) {
      const settings = ctx.config;
      const broker = settings.url === undefined ? undefined : brokerOf(settings.url);
      if (!broker) {
        ctx.provide(brokerService, new BrokerDoor());
        return await JournalFile.forget(ctx.store);
      }
      const panel = await ctx.use(panelService).describe();
      await start({
        ctx,
        settings,
        broker,
        panel,
        open,
        keepaliveSeconds,
        access: ctx.use(accessService),
        calls: ctx.use(callService),
        time: ctx.use(timeService),
      });
    },
  });
}

interface Parts {
  ctx: Context<Settings>;
  settings: Settings;
  broker: Broker;
  panel: PanelDescription;
  open: OpenLink;
  keepaliveSeconds: number;
  access: AccessService;
  calls: CallService;
  time: TimeService;
}

/** Resolved when the panel is listened to; whether there is a broker, nobody waits for. */
async function start(parts: Parts): Promise<void> {
  const { ctx, settings, panel, access, calls, time } = parts;
  const { clock, log, store } = ctx;
  const topics = topicsUnder(settings.baseTopic ?? `latchkey/${panel.id}`);
  const retained = new Retained(log);
  const journal = await Journal.open({ clock, log, store, limit: settings.keepEvents });
  ctx.defer("journal", () => journal.close());
  const delivery = new Delivery({ clock, log, journal, withheld: settings.holders ? [] : ["holder"] });
  const replies = new Replies();

  const announcer = await announcerOf(parts, topics, retained, () => book);
  const book = new PartBook({ ctx, topics, retained, changed: () => announcer.changed() });
  const pictures = settings.pictures ? new Pictures({ ctx, topics, book }) : undefined;
  const door = new BrokerDoor();
  ctx.provide(brokerService, door);
  const subscriptions = new Subscriptions({
    ctx,
    complete: () => ctx.signal.aborted ? undefined : ctx.emit(brokerChanged, { up: true }),
  });
  const desk = commandDesk(parts, { topics, book, replies, pictures });
  const connection = connectionOf(parts, topics, {
    async heard(message) {
      if (message.topic === birthTopic(settings)) {
        if (new TextDecoder().decode(message.payload) === "online") announcer.repeat();
      } else if (!await subscriptions.heard(message)) await desk.heard(message);
    },
    up(publish, link) {
      door.up(publish);
      subscriptions.up(publish, link);
      retained.up(publish);
      delivery.up(publish);
      replies.up(publish);
      pictures?.up(publish);
    },
    down() {
      door.down();
      subscriptions.down();
      if (!ctx.signal.aborted) ctx.emit(brokerChanged, { up: false });
      retained.down();
      delivery.down();
      replies.down();
      pictures?.down();
    },
  });

  await tellEvents({ ctx, calls, book, journal, retained, topics });
  await tellAccess({
    ctx,
    access,
    journal,
    retained,
    topics,
    holders: settings.holders,
    limit: settings.keepEvents,
  });
  await tellDiagnostics({ ctx, time, journal, retained, topics, version: panel.version });
  announcer.changed();
  // Behind the states that there are by now, so that whoever waits for it finds them.
  retained.set(topics.status, "online");
  ctx.defer("connection", () => connection.stop());
  connection.start();
}

const birthTopic = ({ discoveryPrefix }: Settings) => `${discoveryPrefix}/status`;

function announcerOf(
  { ctx, settings, panel }: Parts,
  topics: Topics,
  retained: Retained,
  book: () => PartBook,
): Promise<Announcer> {
  const { holders, pictures, releases } = settings;
  return Announcer.open({
    ctx,
    retained,
    discovery: settings.discovery ? discoveryTopic(settings.discoveryPrefix, panel.id) : undefined,
    entities: () =>
      Object.assign(
        panelEntities(topics, { holders }),
        ...book().all().map((part) =>
          entitiesOf(part, topics, { mayRelease: (id) => releases.includes(id), pictures })
        ),
      ),
    topics: () => [
      topics.status,
      topics.panel("call"),
      topics.panel("diagnostics"),
      ...(holders ? [topics.panel("badge")] : []),
      ...book().all().map(({ id }) => topics.state(id)),
    ],
    message: (entities) => discoveryMessage(panel, entities, topics.status),
  });
}

/** Whoever may write to the broker's topics acts as one service, with the scopes that the settings give it. */
function commandDesk(
  { ctx, settings, access, time }: Parts,
  { topics, book, replies, pictures }: Pick<CommandDeskParts, "topics" | "book" | "pictures"> & {
    replies: Replies;
  },
): CommandDesk {
  const { commands, releases, maxAgeSeconds } = settings;
  const scopes = [...(commands ? ["parts:write"] : []), ...releases.map((id) => `release:${id}`)];
  const actor: Actor = { kind: "service", id: ctx.id, scopes };
  ctx.contribute(integrationsPoint, { id: ctx.id, name: "MQTT", scopes });
  return new CommandDesk({
    ctx,
    topics,
    book,
    pictures,
    actor,
    commands,
    releases: new ReleaseDesk({
      access,
      time,
      clock: ctx.clock,
      actor,
      maxAgeMs: maxAgeSeconds * 1_000,
      record: throttledRecord({ ctx, access }),
    }),
    reply: (topic, payload) => replies.tell(topic, payload),
  });
}

function connectionOf(
  { ctx, settings, broker, panel, open, keepaliveSeconds }: Parts,
  topics: Topics,
  { heard, ...ends }: Pick<ConstructorParameters<typeof Connection>[0], "up" | "down"> & {
    heard: Parameters<OpenLink>[0]["heard"];
  },
): Connection {
  return new Connection({
    ctx,
    ...ends,
    open: async (signal) =>
      await open({
        broker,
        protocol: settings.protocol,
        clientId: `latchkey-${panel.id}`,
        login: readLogin(settings),
        will: { topic: topics.status, payload: "offline" },
        subscriptions: [
          topics.commands,
          topics.releases,
          ...(settings.discovery ? [birthTopic(settings)] : []),
        ],
        heard,
        keepaliveSeconds,
        signal,
      }),
    farewell: (publish) => publish(topics.status, "offline", true),
  });
}
