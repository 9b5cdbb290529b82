import assert from "node:assert/strict";
import fc from "fast-check";
import { mustOpen, type OracleCard, swipeAsks } from "./oracle.ts";
import type { World } from "./world.ts";

const UIDS = ["04A1B2C3D4E5F6", "0499887766554433", "0411223344", "04DEADBEEF0123"];
const HOUR = 3_600_000;

type Step = fc.AsyncCommand<object, World>;

/** One thing that happens, after which everything must be right. */
function step(name: string, run: (world: World) => Promise<void>): Step {
  return {
    check: () => true,
    async run(_, world) {
      await run(world);
      await world.look();
    },
    toString: () => name,
  };
}

const point = fc.constantFrom("lock", "gate");
const uid = fc.constantFrom(...UIDS);
const points = fc.constantFrom(["lock"], ["gate"], ["lock", "gate"]);
const uses = fc.constantFrom(null, null, 1, 3);
/** Hours from now; undefined is always. */
const span = fc.constantFrom(undefined, undefined, [-2, 2], [-4, -1], [1, 5]);

function validity(world: World, hours: readonly number[] | undefined) {
  if (!hours) return { period: undefined, sent: { kind: "always" } };
  const [from, until] = hours.map((hour) => world.rightTime + hour * HOUR) as [number, number];
  return {
    period: { from, until },
    sent: { kind: "period", from: new Date(from).toISOString(), until: new Date(until).toISOString() },
  };
}

/** Swipes, and holds the panel to its promise where it has made one. */
async function swipe(world: World, uid: string): Promise<void> {
  const { panel } = world;
  await panel.advance(2_100);
  const card = world.cards.get(uid);
  const asked = card && swipeAsks(card);
  const promised = mustOpen(card) && world.wired && !world.faults.has(asked!) &&
    !panel.board.state().readers[0]?.card;
  const before = panel.edges().filter(({ line, level }) => line === asked && level > 0).length;
  await panel.swipe(uid);
  const after = panel.edges().filter(({ line, level }) => line === asked && level > 0).length;
  if (promised) assert.equal(after, before + 1, `${uid} must open ${asked}: ${JSON.stringify(card)}`);
}

async function enrol(
  world: World,
  uid: string,
  accessPoints: readonly string[],
  usesLeft: number | null,
  hours?: readonly number[],
) {
  const { panel } = world;
  const { period, sent } = validity(world, hours);
  const terms = { accessPoints, usesLeft, validity: sent };
  const begun = await panel.post("/plugins/rfid/enrolments", { holderName: "Someone", terms });
  if (begun.status !== 201) return;
  await panel.hold(uid, 400);
  const { body } = await panel.get("/plugins/rfid/enrolments/current");
  if (body.state === "done") {
    assert.ok(!world.cards.has(uid), "a known card was added again");
    const card: OracleCard = {
      id: body.credentialId,
      uid,
      accessPoints: [...accessPoints],
      period,
      usesLeft,
      suspended: false,
    };
    world.cards.set(uid, card);
  } else if (body.state === "duplicate") assert.ok(world.cards.has(uid), "an unknown card is called known");
  else await panel.api("DELETE", "/plugins/rfid/enrolments/current");
}

async function change(world: World, index: number, what: number, value: unknown): Promise<void> {
  const card = world.cardAt(index);
  if (!card) return;
  const hours = value as { span: number[] | undefined; points: string[]; uses: number | null };
  const { period, sent } = validity(world, hours.span);
  const changes = [
    [{ suspended: !card.suspended }, { suspended: !card.suspended }],
    [{ accessPoints: hours.points }, { accessPoints: hours.points }],
    [{ usesLeft: hours.uses }, { usesLeft: hours.uses }],
    [{ validity: sent }, { period }],
  ] as const;
  const [body, meant] = changes[what % changes.length]!;
  const { status } = await world.panel.api("PATCH", `/cards/${card.id}`, body);
  assert.equal(status, 200);
  Object.assign(card, meant);
}

async function release(world: World, accessPoint: string, again: boolean): Promise<void> {
  const earlier = again ? world.used.at(-1) : undefined;
  const id = earlier?.id ?? world.freshRequest();
  const asked = earlier?.accessPoint ?? accessPoint;
  const [first, second] = await Promise.all([
    world.panel.release(asked, id),
    world.panel.release(asked, id),
  ]);
  assert.equal(first.body.outcome, second.body.outcome, "the same id has two answers");
  assert.ok(first.body.repeated || second.body.repeated);
  world.used.push({ id, accessPoint: asked });
}

/** Removes a card first: what is acknowledged must hold whatever comes right after. */
async function remove(world: World, index: number): Promise<void> {
  const card = world.cardAt(index);
  if (!card) return;
  assert.equal((await world.panel.api("DELETE", `/cards/${card.id}`)).status, 204);
  world.cards.delete(card.uid);
}

async function again(world: World, end: () => Promise<void> | void): Promise<void> {
  await world.look();
  await end();
  await world.panel.boot();
  if (!world.wired) world.panel.setWire(false);
  await world.compare();
}

async function callStep(world: World, name: string): Promise<void> {
  const { status, body } = await world.panel.get("/calls/current");
  if (status === 200) await world.panel.post(`/calls/${body.id}/${name}`);
}

/** Everything that can happen at the door, in the house and to the panel. */
export const commands: fc.Arbitrary<Step>[] = [
  uid.map((uid) => step(`swipe ${uid}`, (world) => swipe(world, uid))),
  uid.map((uid) => step(`swipe again ${uid}`, (world) => swipe(world, uid))),
  uid.map((uid) => step(`hold ${uid}`, (world) => world.panel.hold(uid, 3_200))),
  fc.tuple(point, fc.boolean()).map(([point, again]) =>
    step(`release ${point}${again ? " again" : ""}`, (world) => release(world, point, again))
  ),
  fc.tuple(uid, points, uses, span).map(([uid, points, uses, span]) =>
    step(`enrol ${uid} ${points} ${uses} ${span}`, (world) => enrol(world, uid, points, uses, span))
  ),
  fc.nat(9).map((index) => step(`delete ${index}`, (world) => remove(world, index))),
  fc.tuple(fc.nat(9), fc.nat(3), fc.record({ span, points, uses })).map(([index, what, value]) =>
    step(`change ${index} ${what} ${JSON.stringify(value)}`, (world) => change(world, index, what, value))
  ),
  fc.constantFrom("bell", "exit-button").map((input) =>
    step(`press ${input}`, (world) => world.panel.press(input))
  ),
  fc.constantFrom("answer", "reject", "end").map((name) => step(name, (world) => callStep(world, name))),
  fc.tuple(fc.constantFrom("door-contact", "tamper"), fc.boolean()).map(([input, active]) =>
    step(`${input} ${active}`, async (world) => {
      world.panel.board.setInput(input, active);
      await world.panel.advance(50);
    })
  ),
  fc.constantFrom(-HOUR, -Date.UTC(2026, 5, 1), 10 * 365 * 24 * HOUR).map((ms) =>
    step(`clock ${ms}`, async (world) => {
      world.jump(ms);
      await world.panel.advance(10);
    })
  ),
  fc.constant(step("clock back", async (world) => {
    world.jump(-world.offset + world.believed);
    await world.panel.advance(10);
  })),
  fc.constant(step("confirm clock", async (world) => {
    const { status } = await world.panel.post("/clock/confirm");
    if (status === 204) world.believed = world.offset;
  })),
  fc.constant(step("restart", (world) => again(world, () => world.panel.stop()))),
  fc.constant(step("crash", (world) => again(world, () => world.panel.crash()))),
  fc.tuple(point, fc.boolean()).map(([output, active]) =>
    step(`${output} ${active ? "refuses" : "works"}`, async (world) => {
      world.panel.board.setFault({ kind: "output-refuses", output }, active);
      if (active) world.faults.add(output);
      else world.faults.delete(output);
      await world.panel.advance(10);
    })
  ),
  fc.boolean().map((up) =>
    step(`wire ${up}`, async (world) => {
      world.wired = up;
      world.panel.setWire(up);
      await world.panel.advance(50);
    })
  ),
  fc.constantFrom(100, 700, 5_000, 40_000, 400_000).map((ms) =>
    step(`wait ${ms}`, (world) => world.panel.advance(ms))
  ),
];
