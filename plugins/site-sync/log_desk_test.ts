import assert from "node:assert/strict";
import type { Json, LogRow, PluginStore } from "../../core/mod.ts";
import { KINDS, topicsOf } from "./documents.ts";
import { LogDesk } from "./log_desk.ts";
import { digestOfRow, markOf } from "./log_marks.ts";
import { Outbox } from "./outbox.ts";
import { rowsPlace } from "./places.ts";
import { locked, newBox, newSigner, signed } from "./seals.ts";
import { SiteState } from "./state.ts";

const SITE = "5".repeat(32);
const PANEL = "a".repeat(32);
const DATA = "d".repeat(64);
const signer = newSigner();
const key = newSigner();

/** Values in memory; the power is cut before a write when `left` are done. */
class Store implements PluginStore {
  readonly values = new Map<string, string>();
  left = Infinity;

  get<T extends Json>(name: string): Promise<T | undefined> {
    const text = this.values.get(name);
    return Promise.resolve(text === undefined ? undefined : JSON.parse(text) as T);
  }

  set(name: string, value: Json): Promise<void> {
    return this.#write(() => void this.values.set(name, JSON.stringify(value)));
  }

  delete(name: string): Promise<void> {
    return this.#write(() => void this.values.delete(name));
  }

  #write(write: () => void): Promise<void> {
    if (this.left-- <= 0) return Promise.reject(new Error("The power is cut"));
    write();
    return Promise.resolve();
  }
}

async function deskOn(store: Store): Promise<LogDesk> {
  const state = await SiteState.open(new Store());
  const sealed = "";
  const panel = { id: PANEL, name: "Garage", signer: signer.x, box: newBox().x, taken: 0, sealed };
  await state.set("secrets", { epoch: 1, data: DATA, cards: DATA });
  await state.set("register", { site: SITE, version: 1, epoch: 1, panels: [panel], cards: {} });
  const broker = { isUp: () => Promise.resolve(true), publish: () => Promise.resolve() };
  const nothing = () => {};
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => log };
  return new LogDesk({
    store,
    state,
    outbox: new Outbox(broker, log),
    topics: topicsOf(SITE),
    site: { id: SITE, role: "keeper", publicKey: key.x, privateKey: key.d },
  });
}

const rowOf = (seq: number): LogRow => ({
  seq,
  at: 0,
  clockTrusted: true,
  kind: "release",
  accessPoint: "lock",
  outcome: "released",
  reason: null,
  actor: { kind: "card", id: "card-1", scopes: [] },
  via: "reader",
  credentialId: null,
  requestId: null,
  detail: {},
});
const markAt = (seq: number) => seq === 0 ? "" : markOf(DATA, digestOfRow(rowOf(seq)));

/** Rows that belong behind the one before them, or another. */
async function batch(from: number, to: number, behind = from - 1): Promise<string> {
  const rows = Array.from({ length: to - from + 1 }, (_, index) => rowOf(from + index));
  const text = await locked(DATA, rowsPlace(SITE, PANEL, from, to), JSON.stringify(rows));
  const marks = { behind: markAt(behind), after: markAt(from - 1) };
  const body = { site: SITE, panel: PANEL, from, to, epoch: 1, ...marks, locked: text };
  return await signed(signer, KINDS.rows, body);
}

const listed = async (desk: LogDesk) =>
  (await desk.list(PANEL, { limit: 500 })).map(({ seq }) => seq).toReversed();
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

for (const writes of [0, 1, 2]) {
  Deno.test(`rows are there once, in order, wherever the power is cut while they are kept: after ${writes} writes`, async () => {
    const store = new Store();
    await (await deskOn(store)).heard(await batch(1, 3));
    store.left = writes;
    await (await deskOn(store)).heard(await batch(4, 6)).catch(() => {});
    store.left = Infinity;
    const desk = await deskOn(store);
    for (const [from, to] of [[4, 6], [4, 7], [7, 7], [8, 120]] as const) {
      await desk.heard(await batch(from, to));
    }
    assert.deepEqual(await listed(desk), upTo(120));
  });
}

Deno.test("rows that are said again, or come before others, add nothing; those that overlap add what is new", async () => {
  const desk = await deskOn(new Store());
  const first = await batch(1, 60);
  for (const text of [await batch(61, 70), first, first, await batch(61, 150), first]) await desk.heard(text);
  assert.deepEqual(await listed(desk), upTo(150));
  await desk.heard(await batch(41, 155, 150));
  await desk.heard(await batch(41, 155, 150));
  assert.deepEqual(await listed(desk), upTo(155));
});
