import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import type { LogRow, Terms } from "../../core/access/model.ts";
import { mayOpen } from "./oracle.ts";
import type { Asking, Request } from "./requests.ts";
import type { World } from "./world.ts";

const APART_MS = 2_000;
const HOLD_MS = 3_000;

export async function send({ ask }: Request, world: World): Promise<void> {
  world.readLog();
  const asking = ask(world);
  if (!asking) return;
  const reply = await asking.send();
  world.readLog();
  asking.check(reply, true);
}

export async function sendAtOnce(chosen: Request[], world: World): Promise<void> {
  const asked = chosen.map(({ ask }) => ask(world)).filter((asking): asking is Asking =>
    asking !== undefined
  );
  const replies = await Promise.all(asked.map((asking) => asking.send()));
  world.readLog();
  asked.forEach((asking, index) => asking.check(replies[index]!, false));
  await world.compareCards();
}

/** Something to put to the reader; which one may hang on which are known. */
export interface Badge {
  name: string;
  uid(world: World): string;
}

/** How far something gets before the panel dies: turns of the queue of promises, then of the loop. */
export interface Cut {
  promises: number;
  loops: number;
}

async function wait({ promises, loops }: Cut): Promise<void> {
  for (let turn = 0; turn < promises; turn++) await null;
  for (let turn = 0; turn < loops; turn++) await new Promise<void>((done) => setImmediate(done));
}

async function startAgain(world: World, jump = 0): Promise<void> {
  if (jump !== 0) world.jump(jump);
  await world.panel.boot();
  await world.lookAgain();
}

export async function sendAndDie({ ask }: Request, cut: Cut, world: World): Promise<void> {
  const asking = ask(world);
  if (!asking) return;
  let alive = true;
  let settle: (() => void) | undefined;
  // What a dead panel says later, nobody hears.
  asking.send().then((reply) => {
    if (alive) settle = () => asking.check(reply, false);
  }, () => {});
  await wait(cut);
  alive = false;
  world.panel.crash();
  world.readLog();
  settle?.();
  await startAgain(world);
}

/** A badge is put to the reader and taken away; where the panel has made a promise it is held to it. */
export async function tap(badge: Badge, ms: number, world: World, meanwhile?: Request): Promise<void> {
  const { panel, judge, left } = world;
  const uid = badge.uid(world);
  const { id, terms } = judge.byUid(uid) ?? {};
  const isPlain = world.wired && !world.readerIsFaulty && !world.readerIsOff;
  const isNew = world.monotonic - (left.get(uid) ?? -Infinity) >= APART_MS;
  const wasEnrolling = judge.enrolling !== undefined;
  const visit = { from: world.monotonic, to: Infinity };
  judge.presented.set(uid, visit);
  judge.lastUid = uid;
  await panel.present(uid);
  if (meanwhile) {
    await panel.advance(ms - 100);
    await send(meanwhile, world);
    await panel.advance(100);
  } else await panel.advance(ms);
  await panel.remove();
  if (isPlain) visit.to = world.monotonic;
  left.set(uid, world.monotonic);
  await panel.advance(400);
  const rows = world.readLog();
  if (world.readerIsFaulty) world.readerIsOff = true;
  if (!isPlain || meanwhile) return;
  if (wasEnrolling) assert.equal(judge.enrolling, undefined, "a badge ends the enrolment, known or not");
  else if (isNew && id && terms) checkTap(terms, id, ms, rows);
}

function checkTap(terms: Terms, id: string, ms: number, rows: LogRow[]): void {
  const [row, ...more] = rows.filter(({ credentialId, kind }) => credentialId === id && kind === "release");
  assert.ok(row && more.length === 0, "a badge at the reader is one row");
  const [first, second] = terms.accessPoints;
  assert.equal(row.accessPoint, second === undefined ? first : ms >= HOLD_MS ? "gate" : "lock");
  const may = mayOpen(terms, row.accessPoint!, row.at, row.clockTrusted);
  assert.equal(row.outcome !== "denied", may, `${JSON.stringify(terms)} at ${row.at}`);
}

export async function press(input: string, world: World): Promise<void> {
  const { panel, calls, judge } = world;
  if (world.wired && input === "bell") calls.pressedAt = world.monotonic;
  if (world.wired && input === "exit-button") judge.nameless["input"]!++;
  await panel.press(input);
}

export async function dieDuring(badge: Badge | undefined, ms: number, cut: Cut, world: World): Promise<void> {
  const { panel, judge } = world;
  const uid = badge?.uid(world);
  if (uid) {
    judge.presented.set(uid, { from: world.monotonic, to: Infinity });
    judge.lastUid = uid;
    panel.board.present("reader", { uid, cardKind: "iso14443a" });
  } else {
    judge.nameless["input"]!++;
    panel.board.press("exit-button");
  }
  const passing = panel.advance(ms);
  await wait(cut);
  panel.crash();
  await passing;
  if (uid) panel.board.remove("reader");
  else await panel.advance(300);
  world.readLog();
  await startAgain(world);
}

export async function setWire(up: boolean, world: World): Promise<void> {
  world.wired = up;
  world.panel.setWire(up);
  await world.panel.advance(50);
}

export async function confirm(world: World): Promise<void> {
  const { status } = await world.panel.post("/clock/confirm");
  assert.ok(status === 204 || (status === 409 && world.panel.clock.now() < Date.UTC(2025, 0, 1)));
  if (status !== 204) return;
  world.trust.confirmed(world.panel.clock.now(), world.offset);
  world.jumped = 0;
}

export async function jump(ms: number | "1970" | "back", world: World): Promise<void> {
  const { jumped } = world;
  world.jump(ms === "1970" ? -world.panel.clock.now() : ms === "back" ? -jumped : ms);
  await world.panel.advance(10);
}

export async function stop(jumpMs: number, world: World): Promise<void> {
  await world.panel.stop();
  await startAgain(world, jumpMs);
}

export async function crash(jumpMs: number, world: World): Promise<void> {
  world.panel.crash();
  await startAgain(world, jumpMs);
}
