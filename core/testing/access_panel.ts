import { join } from "node:path";
import { createClockTrust } from "../access/clock_trust.ts";
import type { ClockTrust } from "../access/clock_trust.ts";
import {
  type AccessPoint,
  accessPointsPoint,
  type AccessService,
  accessService,
  type CredentialService,
  credentialService,
} from "../access/keys.ts";
import type { Actor, Credential, LogRow, ReleaseRequest, Terms } from "../access/model.ts";
import { type AccessParts, setupAccess } from "../access/setup.ts";
import { createLog, type LogLine } from "../log.ts";
import { Host, type HostOptions } from "../plugin/host.ts";
import { randomId, systemRandom } from "../random.ts";
import { openStore, type Store } from "../store/database.ts";
import { loadKeys } from "../store/keys_file.ts";
import { pluginState } from "../store/plugin_state.ts";
import { keepTidy } from "../store/tidy.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** The first member of every test's panel. */
export const OWNER: Actor = { kind: "person", id: "member-1", scopes: [] };

/** An access point whose pulses are counted and end with `close`. */
export class FakeAccessPoint implements AccessPoint {
  readonly id: string;
  readonly name: string;
  /** The causes of all pulses. */
  readonly pulses: string[] = [];
  /** Called in place of a pulse's beginning. */
  onOpen: () => Promise<void> = () => Promise.resolve();
  #on = false;

  constructor(id: string) {
    this.id = id;
    this.name = id.toUpperCase();
  }

  pulseMs(): number {
    return 700;
  }

  released(): boolean {
    return this.#on;
  }

  async open(cause: string): Promise<void> {
    await this.onOpen();
    this.pulses.push(cause);
    this.#on = true;
  }

  close(): void {
    this.#on = false;
  }
}

/** The access core alone, on a data directory and a clock that outlive it. */
export class AccessPanel {
  readonly clock: VirtualClock;
  readonly host: Host;
  readonly store: Store;
  readonly trust: ClockTrust;
  readonly parts: AccessParts;
  readonly access: AccessService;
  readonly credentials: CredentialService;
  readonly lines: LogLine[] = [];
  readonly lock: FakeAccessPoint = new FakeAccessPoint("lock");
  readonly gate: FakeAccessPoint = new FakeAccessPoint("gate");

  constructor(
    dataDir: string,
    clock: VirtualClock = new VirtualClock(),
    serve: HostOptions["serve"] = () => () => {},
  ) {
    this.clock = clock;
    const log = createLog({
      level: "debug",
      now: () => clock.now(),
      sink: (line) => void this.lines.push(line),
    });
    const keys = loadKeys(dataDir, systemRandom);
    this.store = openStore(join(dataDir, "access.db"));
    this.host = new Host({ clock, log, storeFor: pluginState(this.store), serve });
    keepTidy(this.host.core, this.store);
    this.trust = createClockTrust({ clock, store: this.store });
    this.parts = setupAccess(this.host.core, {
      store: this.store,
      keys,
      trust: this.trust,
      dataDir,
      random: systemRandom,
    });
    const { members } = this.parts;
    if (members.owners() === 0) {
      members.add({ name: "Owner", role: "owner", until: null, terms: null, scopes: [] }, clock.now());
    }
    this.access = this.host.core.use(accessService);
    this.credentials = this.host.core.use(credentialService);
    for (const point of [this.lock, this.gate]) this.host.core.contribute(accessPointsPoint, point);
  }

  addCard(
    terms: Partial<Terms> = {},
    uid = "04A1B2C3",
    holderName = "Anna",
    holderId?: string,
  ): Promise<Credential> {
    return this.credentials.addCard({
      uid,
      cardKind: "iso14443a",
      holderName,
      ...(holderId === undefined ? {} : { holderId }),
      terms: {
        validity: { kind: "always" },
        accessPoints: ["lock"],
        usesLeft: null,
        suspended: false,
        ...terms,
      },
    }, OWNER);
  }

  /** A request with an id of its own unless told. */
  request(actor: Actor, change: Partial<ReleaseRequest> = {}): ReleaseRequest {
    return { requestId: randomId(systemRandom), accessPoint: "lock", actor, via: "app", ...change };
  }

  present(card: Pick<Credential, "id">, accessPoint = "lock") {
    return this.access.release(
      this.request({ kind: "card", id: card.id, scopes: [] }, { accessPoint, via: "reader" }),
    );
  }

  /** All rows, oldest first. */
  async rows(): Promise<LogRow[]> {
    return (await this.access.log({ limit: 500 })).reverse();
  }

  async stop(): Promise<void> {
    await this.host.stop();
    this.store.close();
  }
}
