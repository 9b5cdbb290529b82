import { LatchkeyError } from "../errors.ts";
import { Members } from "../members/members.ts";
import type { Context } from "../plugin/plugin.ts";
import type { Random } from "../random.ts";
import { assertKeysOf, cardKeyOf, type Keys, saveSharedKey } from "../store/keys_file.ts";
import { databasePath, headPath } from "../store/paths.ts";
import type { Store } from "../store/store.ts";
import { AccessLog } from "./access_log.ts";
import { Cards } from "./cards.ts";
import type { ClockTrust } from "./clock_trust.ts";
import { CodeGuard } from "./code_guard.ts";
import { createCodes } from "./code_service.ts";
import { Codes } from "./codes.ts";
import { createCredentials } from "./credentials.ts";
import { keepHead } from "./head_keeper.ts";
import {
  accessLogged,
  type AccessPoint,
  accessPointsPoint,
  type AccessService,
  accessService,
  codeService,
  credentialsChanged,
  credentialService,
  type Denial,
  denialsPoint,
  type Integration,
  integrationsPoint,
  type LogEntry,
  type Sight,
  sightsPoint,
} from "./keys.ts";
import { assertAccessPoints } from "./known_points.ts";
import type { LogRow } from "./model.ts";
import { Releases } from "./release.ts";
import { createSharing } from "./sharing.ts";
import { cardSharingService } from "./sharing_keys.ts";

const TICK_MS = 60_000;

/** What a plugin may state; the rest is the core's own word, or a denial, which harms nobody. */
const OPEN_KINDS: readonly LogRow["kind"][] = [
  "hold-open",
  "enrolment",
  "alarm",
  "settings",
  "system",
  "site",
];

export interface AccessDeps {
  store: Store;
  keys: Keys;
  trust: ClockTrust;
  dataDir: string;
  random: Random;
}

/** What else in the core writes to the access log builds on. */
export interface AccessParts {
  accessLog: AccessLog;
  cards: Cards;
  codes: Codes;
  members: Members;
  /** @throws {LatchkeyError} `unknown-access-point` */
  assertKnown(ids: readonly string[], field: string): void;
}

/**
 * Provides the access, credential and code services.
 * @throws {LatchkeyError} `keys-wrong`
 */
export function setupAccess(core: Context, { store, keys, trust, dataDir, random }: AccessDeps): AccessParts {
  assertKeysOf(store, keys);
  const { clock, log } = core;
  const accessPoints = watchAccessPoints(core);
  const denials = new Set<Denial>();
  core.watch(denialsPoint, {
    added: (denial) => void denials.add(denial),
    removed: (denial) => void denials.delete(denial),
  });
  const sights = new Set<Sight>();
  core.watch(sightsPoint, {
    added: (sight) => void sights.add(sight),
    removed: (sight) => void sights.delete(sight),
  });

  /** After the caller has gone on to move the output: nobody who hears of a row delays what it is about. */
  function announce(rows: LogRow[]): void {
    headKeeper.changed();
    queueMicrotask(() => {
      if (core.signal.aborted) return;
      for (const row of rows) core.emit(accessLogged, row);
    });
  }

  const accessLog = new AccessLog({ store, key: keys.logKey, trust, clock, onRows: announce });
  const headKeeper = keepHead(core, { accessLog, path: headPath(databasePath(dataDir)), key: keys.logKey });
  headKeeper.begin();
  trust.writeWith(() => accessLog.write(() => {}));
  trust.tick();
  core.every(TICK_MS, () => trust.tick());

  let cardKey = cardKeyOf(dataDir, keys);
  const cards = new Cards(store, cardKey);
  const codes = new Codes(store, keys.cardKey);
  const members = new Members(store);
  const releases = new Releases({
    clock,
    log,
    accessLog,
    cards,
    codes,
    members,
    trust,
    accessPoints,
    denials,
    sights,
    integrations: watchIntegrations(core),
  });
  const assertKnown = (ids: readonly string[], field: string) =>
    assertAccessPoints((id) => accessPoints.has(id), ids, field);
  const access: AccessService = {
    release: (request) => releases.release(request),
    accessPoints: () =>
      Promise.resolve([...accessPoints.values()].map((point) => ({
        id: point.id,
        name: point.name,
        released: point.released(),
        pulseMs: point.pulseMs(),
      }))),
    // deno-lint-ignore require-await -- asynchronous by contract
    async record(entry) {
      assertOpenKind(entry);
      return accessLog.append(entry);
    },
    // deno-lint-ignore require-await -- asynchronous by contract
    async log(query) {
      return accessLog.list(query);
    },
  };
  core.provide(accessService, access);
  core.provide(
    credentialService,
    createCredentials({
      cards,
      log: accessLog,
      now: () => clock.now(),
      assertAccessPoints: assertKnown,
      onChange: (id, change) => core.emit(credentialsChanged, { id, change }),
    }),
  );
  core.provide(
    cardSharingService,
    createSharing({
      cards,
      log: accessLog,
      key: () => cardKey,
      adopt(key) {
        saveSharedKey(dataDir, key);
        cardKey = key;
        cards.useKey(key);
      },
      onChange: (id, change) => core.emit(credentialsChanged, { id, change }),
    }),
  );
  core.provide(
    codeService,
    createCodes({
      codes,
      guard: new CodeGuard(clock, store),
      log: accessLog,
      access,
      random,
      now: () => clock.now(),
      assertAccessPoints: assertKnown,
    }),
  );
  return { accessLog, cards, codes, members, assertKnown };
}

function watchAccessPoints(core: Context): ReadonlyMap<string, AccessPoint> {
  const points = new Map<string, AccessPoint>();
  core.watch(accessPointsPoint, {
    added(point, owner) {
      if (points.has(point.id)) {
        throw new LatchkeyError(
          "access-point-taken",
          `Plugin "${owner}" can't contribute access point "${point.id}": there is one already`,
        );
      }
      points.set(point.id, point);
    },
    removed(point) {
      if (points.get(point.id) === point) points.delete(point.id);
    },
  });
  return points;
}

function watchIntegrations(core: Context): ReadonlyMap<string, Integration> {
  const integrations = new Map<string, Integration>();
  core.watch(integrationsPoint, {
    added(integration, owner) {
      if (integration.id === owner) integrations.set(owner, integration);
      else core.log.warn("An integration is not let in: its id is not its plugin's", { owner });
    },
    removed(integration, owner) {
      if (integrations.get(owner) === integration) integrations.delete(owner);
    },
  });
  return integrations;
}

/** @throws {LatchkeyError} `log-kind-reserved` */
function assertOpenKind({ kind, outcome }: LogEntry): void {
  if (OPEN_KINDS.includes(kind) || (kind === "release" && outcome === "denied")) return;
  throw new LatchkeyError(
    "log-kind-reserved",
    `A log row of kind "${kind}" with outcome "${outcome}" can't be recorded: only the core states it`,
    { status: 403 },
  );
}
