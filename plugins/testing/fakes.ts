import {
  accessLogged,
  type AccessPoint,
  accessPointsPoint,
  type AccessService,
  accessService,
  type BoardService,
  boardService,
  cardPresent,
  type CardReading,
  cardRemoved,
  type Context,
  type Credential,
  type CredentialService,
  credentialService,
  inputChanged,
  LatchkeyError,
  type LogEntry,
  type LogQuery,
  type LogRow,
  outputChanged,
  type ReleaseAnswer,
  type ReleaseRequest,
  type Terms,
  type TimeService,
  timeService,
} from "../../core/mod.ts";
import type { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { BoardModel } from "../../drivers/sim/model.ts";
import { runCommand } from "../../drivers/sim/protocol.ts";

/** The simulated board without a debouncer and a wire between. */
export function provideBoard(core: Context, clock: VirtualClock): BoardModel {
  const model = new BoardModel(clock);
  const run = ((name, args) => new Promise((done) => done(runCommand(model, name, args)))) as <
    Name extends Parameters<typeof runCommand>[1],
  >(name: Name, args: unknown) => Promise<ReturnType<typeof runCommand<Name>>>;
  const board: BoardService = {
    async describe() {
      const { outputs, inputs, readers } = await run("state", {});
      return {
        driver: "fake",
        outputs,
        inputs,
        readers: readers.map(({ name }) => ({ name, reportsRemoval: true })),
      };
    },
    pulse: (output, ms, cause) => run("pulse", { output, ms, cause }),
    async set(output, level, options = {}) {
      await run("set", { output, level, cause: "", ...options });
    },
    async pattern(output, onOffMs) {
      await run("pattern", { output, onOffMs });
    },
    input: (name) =>
      Promise.resolve(model.state().inputs.some((input) => input.name === name && input.active)),
    async allOff() {
      await run("allOff", { cause: "all off" });
    },
  };
  model.listen((event) => {
    if (core.signal.aborted) return;
    if (event.event === "output") core.emit(outputChanged, { output: event.output, level: event.level });
    if (event.event === "input") core.emit(inputChanged, { input: event.input, active: event.active });
  });
  core.provide(boardService, board);
  return model;
}

/** A clock that is believed until told otherwise, in a place with daylight saving. */
export class FakeTime implements TimeService {
  isTrusted = true;

  constructor(core: Context) {
    core.provide(timeService, this);
  }

  zone() {
    return Promise.resolve("Europe/Rome");
  }

  trusted() {
    return Promise.resolve(this.isTrusted);
  }
}

/** Grants everything but what is in `denied`, keeps rows in memory, moves the contributed access points. */
export class FakeAccess implements AccessService {
  readonly rows: LogRow[] = [];
  readonly requests: ReleaseRequest[] = [];
  readonly denied = new Set<string>();
  /** What each row says of the clock. */
  trusted = true;
  /** Makes `record` fail. */
  broken = false;
  readonly points = new Map<string, AccessPoint>();
  readonly #core: Context;

  constructor(core: Context) {
    this.#core = core;
    core.watch(accessPointsPoint, {
      added: (point) => void this.points.set(point.id, point),
      removed: (point) => void this.points.delete(point.id),
    });
    core.provide(accessService, this);
  }

  async release(request: ReleaseRequest): Promise<ReleaseAnswer> {
    this.requests.push(request);
    const point = this.points.get(request.accessPoint);
    const denied = !point || this.denied.has(request.actor.id);
    let outcome: ReleaseAnswer["outcome"] = denied ? "denied" : "released";
    if (!denied && point.released()) outcome = "already-released";
    const row = await this.record({
      kind: "release",
      outcome,
      actor: request.actor,
      via: request.via,
      accessPoint: request.accessPoint,
    });
    try {
      if (outcome === "released") await point?.open(request.requestId);
    } catch {
      outcome = "failed";
    }
    const { requestId, accessPoint } = request;
    return { requestId, accessPoint, outcome, reason: "granted", message: "", seq: row.seq, repeated: false };
  }

  accessPoints() {
    return Promise.resolve(
      [...this.points.values()].map((point) => ({
        id: point.id,
        name: point.name,
        released: point.released(),
        pulseMs: point.pulseMs(),
      })),
    );
  }

  record(entry: LogEntry): Promise<LogRow> {
    if (this.broken) return Promise.reject(new LatchkeyError("log-unavailable", "The log can't be written"));
    const row: LogRow = {
      accessPoint: null,
      credentialId: null,
      requestId: null,
      detail: {},
      ...entry,
      reason: entry.reason ?? null,
      seq: this.rows.length + 1,
      at: this.#core.clock.now(),
      clockTrusted: this.trusted,
    };
    this.rows.push(row);
    this.#core.emit(accessLogged, row);
    return Promise.resolve(row);
  }

  log({ kind, limit = 100, before = Infinity }: LogQuery = {}) {
    const rows = this.rows.filter((row) => (kind === undefined || row.kind === kind) && row.seq < before);
    return Promise.resolve(rows.reverse().slice(0, limit));
  }

  /** `kind outcome reason` of every row. */
  get told(): string[] {
    return this.rows.map((row) => [row.kind, row.outcome, row.reason].filter(Boolean).join(" "));
  }
}

/** Badges by number, in memory. */
export class FakeCredentials implements CredentialService {
  readonly cards = new Map<string, Credential>();
  /** Awaited before a card is added. */
  adding: Promise<void> = Promise.resolve();
  /** Awaited before a card is looked up. */
  looking: Promise<void> = Promise.resolve();

  constructor(core: Context) {
    core.provide(credentialService, this);
  }

  put(uid: string, holderName: string, terms: Partial<Terms> = {}): Credential {
    const credential: Credential = {
      id: `card-${this.cards.size + 1}`,
      kind: "card",
      holderId: `holder-${this.cards.size + 1}`,
      holderName,
      lastDigits: uid.slice(-4),
      cardKind: "iso14443a",
      assurance: "number only: can be cloned",
      validity: { kind: "always" },
      accessPoints: ["lock", "gate"],
      usesLeft: null,
      suspended: false,
      createdAt: 0,
      lastUsedAt: null,
      ...terms,
    };
    this.cards.set(uid, credential);
    return credential;
  }

  async identify({ uid }: CardReading) {
    await this.looking;
    return this.cards.get(uid);
  }

  async addCard({ uid, holderName, terms }: Parameters<CredentialService["addCard"]>[0]) {
    await this.adding;
    return this.put(uid, holderName, terms);
  }

  list() {
    return Promise.resolve([...this.cards.values()]);
  }

  get(id: string) {
    const found = [...this.cards.values()].find((card) => card.id === id);
    return found ? Promise.resolve(found) : Promise.reject(new LatchkeyError("card-unknown", "No such card"));
  }

  change(id: string) {
    return this.get(id);
  }

  remove(id: string) {
    for (const [uid, card] of this.cards) if (card.id === id) this.cards.delete(uid);
    return Promise.resolve();
  }

  holders() {
    return Promise.resolve([]);
  }
}

export function present(core: Context, uid: string, reportsRemoval = true): void {
  core.emit(cardPresent, { reader: "reader", uid, cardKind: "iso14443a", reportsRemoval });
}

export function remove(core: Context, uid: string): void {
  core.emit(cardRemoved, { reader: "reader", uid });
}
