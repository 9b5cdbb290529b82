import fc from "fast-check";
import type { SimFault } from "../../drivers/sim/keys.ts";
import { beginEnrolment, changeOf, concurrent, requests } from "./requests.ts";
import {
  type Badge,
  confirm,
  crash,
  dieDuring,
  jump,
  press,
  send,
  sendAndDie,
  sendAtOnce,
  setWire,
  stop,
  tap,
} from "./acts.ts";
import { change, oneRight } from "./terms.ts";
import type { World } from "./world.ts";

export type Step = fc.AsyncCommand<World, World>;

/** One thing that happens, after which everything must be right. */
function step(name: string, run: (world: World) => Promise<void>): Step {
  return {
    check: () => true,
    async run(world) {
      await run(world);
      await world.look();
      world.steps++;
    },
    toString: () => name,
  };
}

const UIDS: string[] = ["04A1B2C3D4E5F6", "0499887766554433", "0411223344", "5E3F1A07"];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const cut = fc.record({ promises: fc.nat(150), loops: fc.constantFrom(0, 0, 0, 1, 3) });
/** Mostly a badge that the panel knows. */
const badge: fc.Arbitrary<Badge> = fc.tuple(fc.constantFrom(...UIDS), fc.nat(4)).map(([uid, n]) => ({
  name: n === 0 ? uid : `badge ${uid}`,
  uid: ({ judge }) => {
    const cards = [...judge.cards.values()];
    return n === 0 ? uid : cards[UIDS.indexOf(uid) % Math.max(1, cards.length)]?.uid ?? uid;
  },
}));
const fault = fc.constantFrom<SimFault>(
  { kind: "output-refuses", output: "lock" },
  { kind: "output-refuses", output: "gate" },
  { kind: "output-refuses", output: "beeper" },
  { kind: "input-bounces", input: "bell" },
  { kind: "input-bounces", input: "exit-button" },
  { kind: "reader-stuck", reader: "reader" },
  { kind: "reader-silent", reader: "reader" },
);
/** How far the wall clock has moved when the panel starts again. */
const away = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 0, HOUR, DAY, 100 * DAY) },
  { weight: 1, arbitrary: fc.constantFrom(500 * DAY, -HOUR, -60 * 365 * DAY) },
);

/** Everything that can happen at the door, in the house, to the clock and to the panel. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: requests.map((request) => step(request.name, (world) => send(request, world))) },
  {
    weight: 16,
    arbitrary: fc.tuple(badge, fc.constantFrom(50, 300, 300, 2_800, 3_000, 3_300)).map(([badge, ms]) =>
      step(`tap ${badge.name} ${ms} ms`, (world) => tap(badge, ms, world))
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...UIDS), beginEnrolment).map(([uid, request]) =>
      step(`${request.name} ${uid}`, async (world) => {
        await send(request, world);
        await tap({ name: uid, uid: () => uid }, 300, world);
      })
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(badge, fc.constantFrom(300, 3_300), requests).map(([badge, ms, request]) =>
      step(`tap ${badge.name} ${ms} ms, meanwhile ${request.name}`, (world) => tap(badge, ms, world, request))
    ),
  },
  {
    // A badge asks only for what its card may open, unless the right goes while it is at the reader.
    weight: 3,
    arbitrary: fc.tuple(badge, fc.constantFrom(300, 3_300), fc.oneof(oneRight, change)).map(
      ([badge, ms, change]) => {
        const request = changeOf("it", (world) => world.judge.byUid(badge.uid(world)), change);
        return step(
          `tap ${badge.name} ${ms} ms, meanwhile ${request.name}`,
          (world) => tap(badge, ms, world, request),
        );
      },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.array(concurrent, { minLength: 2, maxLength: 4 }).map((chosen) =>
      step(`at once: ${chosen.map(({ name }) => name).join(" | ")}`, (world) => sendAtOnce(chosen, world))
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(requests, cut).map(([request, cut]) =>
      step(`${request.name}, dead at ${JSON.stringify(cut)}`, (world) => sendAndDie(request, cut, world))
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.option(badge, { nil: undefined }), fc.nat(40), cut).map(([badge, ms, cut]) =>
      step(
        `${badge?.name ?? "exit-button"} ${ms} ms, dead at ${JSON.stringify(cut)}`,
        (world) => dieDuring(badge, ms, cut, world),
      )
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom("bell", "exit-button").map((input) =>
      step(`press ${input}`, (world) => press(input, world))
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom("door-contact", "tamper"), fc.boolean()).map(([input, active]) =>
      step(`${input} ${active}`, async ({ panel }) => {
        panel.board.setInput(input, active);
        await panel.advance(100);
      })
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fault, fc.boolean()).map(([fault, active]) =>
      step(`${Object.values(fault).join(" ")} ${active}`, ({ panel }) => {
        panel.board.setFault(fault, active);
        return panel.advance(0);
      })
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      step("all faults mended", ({ panel }) => Promise.resolve(panel.board.clearFaults())),
    ),
  },
  { weight: 2, arbitrary: fc.boolean().map((up) => step(`wire ${up}`, (world) => setWire(up, world))) },
  {
    weight: 8,
    arbitrary: fc.constantFrom(50, 400, 1_000, 5_000, 29_000, 61_000, 400_000).map((ms) =>
      step(`wait ${ms} ms`, ({ panel }) => panel.advance(ms))
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<(number | "1970" | "back")[]>("1970", 3_650 * DAY, -HOUR, HOUR, "back", "back")
      .map((ms) => step(`clock jumps ${ms}`, (world) => jump(ms, world))),
  },
  { weight: 3, arbitrary: fc.constant(step("clock confirmed", confirm)) },
  { weight: 1, arbitrary: away.map((ms) => step(`restart, away ${ms} ms`, (world) => stop(ms, world))) },
  { weight: 1, arbitrary: away.map((ms) => step(`crash, away ${ms} ms`, (world) => crash(ms, world))) },
);
