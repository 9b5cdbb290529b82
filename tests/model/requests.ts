import assert from "node:assert/strict";
import fc from "fast-check";
import type { Reply } from "../harness/panel.ts";
import { SLACK_MS } from "./call_watch.ts";
import type { CardWish, ModelCard } from "./log_judge.ts";
import { type CardChange, change, terms } from "./terms.ts";
import type { World } from "./world.ts";

/** A request to the API, and what its answer must be; what it asks for is noted before it is sent. */
export interface Asking {
  send(): Promise<Reply>;
  /**
   * Once the log was read: also where the panel died right after it had answered.
   * @param alone whether nothing else happened at the same time
   */
  check(reply: Reply, alone: boolean): void;
}

export interface Request {
  name: string;
  /** Undefined where it makes no sense now. */
  ask(world: World): Asking | undefined;
}

const ENROLMENTS = "/plugins/rfid/enrolments";

type Which = "fresh" | "again" | "elsewhere" | "nameless";

function release(point: string, which: Which, n: number): Request {
  return {
    name: `release ${point} ${which} ${n}`,
    ask: (world) =>
      which === "nameless" ? namelessRelease(world, point) : namedRelease(world, point, which, n),
  };
}

function namelessRelease(world: World, point: string): Asking {
  world.judge.nameless["person"]!++;
  return { send: () => world.panel.release(point), check: (reply) => world.checkAnswer(reply) };
}

function namedRelease(world: World, point: string, which: Which, n: number): Asking {
  const { judge, watch, panel } = world;
  const asked = [...judge.asked];
  const [id, points] = (which === "fresh" ? undefined : asked.at(-1 - n % Math.max(1, asked.length))) ??
    [`wish-${asked.length + 1}`, new Set([point])];
  const to = which === "elsewhere" ? point : [...points][0]!;
  judge.asked.set(id, points.add(to));
  const decided = judge.decided.get(id);
  const moved = watch.moved.has(id);
  const works = world.wired && !world.hasFault("output-refuses", to);
  const promised = watch.isOn(to) ? "already-released" : "released";
  return {
    send: () => panel.release(to, id),
    check(reply, alone) {
      world.checkAnswer(reply, id);
      if (!decided) {
        if (alone && works) assert.equal(reply.body.outcome, promised, `"${id}" to ${to}`);
        return;
      }
      assert.equal(watch.moved.has(id), moved, `"${id}" moves an output when it is sent again`);
      const refused = reply.body.code === "request-id-used";
      if (decided.accessPoint !== to) assert.ok(refused, `"${id}" is taken for ${to}`);
      // While the id is asked for elsewhere it may be refused for either.
      else if (alone || !refused) assert.equal(reply.body.repeated, true, `"${id}" was decided already`);
    },
  };
}

function cardAt(world: World, index: number): ModelCard | undefined {
  const cards = [...world.judge.cards.values()];
  return cards[index % Math.max(1, cards.length)];
}

function wishFor(world: World, wish: CardWish, done: number, send: () => Promise<Reply>): Asking {
  const { judge } = world;
  judge.cardWishes.add(wish);
  return {
    send,
    check({ status, body }) {
      if (status === 404) {
        assert.ok(!judge.cards.has(wish.id), "a card that is there is called unknown");
        return judge.withdraw(wish);
      }
      assert.equal(status, done, JSON.stringify(body));
      assert.ok(!judge.cardWishes.has(wish), `acknowledged, but not in the log: ${JSON.stringify(wish)}`);
    },
  };
}

/** A change of the card that `find` finds when it is sent. */
export function changeOf(
  name: string,
  find: (world: World) => ModelCard | undefined,
  change: CardChange,
): Request {
  return {
    name: `change ${name} ${JSON.stringify(change)}`,
    ask(world) {
      const card = find(world);
      if (!card) return undefined;
      const wish: CardWish = { kind: "card-changed", id: card.id, change };
      return wishFor(world, wish, 200, () => world.panel.api("PATCH", `/cards/${card.id}`, change));
    },
  };
}

const changeCard = fc.tuple(fc.nat(4), change).map(([index, change]) =>
  changeOf(String(index), (world) => cardAt(world, index), change)
);

const removeCard = fc.nat(4).map((index): Request => ({
  name: `remove ${index}`,
  ask(world) {
    const card = cardAt(world, index);
    if (!card) return undefined;
    const wish: CardWish = { kind: "card-removed", id: card.id };
    return wishFor(world, wish, 204, () => world.panel.api("DELETE", `/cards/${card.id}`));
  },
}));

export const beginEnrolment: fc.Arbitrary<Request> = terms.map((terms) => ({
  name: `enrol ${JSON.stringify(terms)}`,
  ask(world) {
    const { judge, panel } = world;
    const since = world.monotonic;
    const running = judge.enrolling;
    const holderName = `Holder ${judge.cards.size + 1}`;
    return {
      send: () => panel.post(ENROLMENTS, { holderName, terms }),
      check({ status }) {
        assert.equal(status, running ? 409 : 201, "one enrolment at a time");
        if (!running) judge.enrolling = { holderName, terms, since };
      },
    };
  },
}));

const cancelEnrolment: Request = {
  name: "cancel",
  ask(world) {
    const running = world.judge.enrolling;
    return {
      send: () => world.panel.api("DELETE", `${ENROLMENTS}/current`),
      check({ status }) {
        assert.ok(
          running ? status === 200 : status === 404 || status === 409,
          `cancel is answered ${status}`,
        );
        assert.equal(world.judge.enrolling, undefined, "a cancelled enrolment has a row");
      },
    };
  },
};

const setPulse = fc.constantFrom(100, 700, 2_500).map((pulseMs): Request => ({
  name: `pulse of ${pulseMs} ms`,
  ask: ({ watch, panel }) => ({
    send: () => panel.api("PUT", "/settings/lock", { pulseMs }),
    check({ status }) {
      assert.equal(status, 200);
      watch.pulseMs["lock"] = pulseMs;
    },
  }),
}));

const callStep = fc.constantFrom("answer", "reject", "end").map((name): Request => ({
  name,
  ask({ calls, panel }) {
    const { current } = calls;
    if (!current) return undefined;
    const since = panel.clock.monotonic();
    // In the middle of a step its time may have run out since the last look.
    const over = calls.over(current);
    return {
      send: () => panel.post(`/calls/${current.id}/${name}`),
      check({ status }) {
        const fits = (name === "end") === (current.state === "answered");
        const may = fits && (over < -SLACK_MS || (over <= SLACK_MS && status === 200));
        assert.equal(status, may ? 200 : 409, `${name} of a call that is ${current.state}`);
        if (may) calls.current = name === "answer" ? { ...current, state: "answered", since } : undefined;
      },
    };
  },
}));

export const releases: fc.Arbitrary<Request> = fc.tuple(
  fc.constantFrom("lock", "gate"),
  fc.constantFrom(
    "fresh" as const,
    "fresh" as const,
    "again" as const,
    "nameless" as const,
    "elsewhere" as const,
  ),
  fc.nat(5),
).map(([point, which, n]) => release(point, which, n));

/** Those that may be sent at the same time. */
export const concurrent: fc.Arbitrary<Request> = fc.oneof(
  { weight: 6, arbitrary: releases },
  { weight: 2, arbitrary: changeCard },
  { weight: 1, arbitrary: removeCard },
);

export const requests: fc.Arbitrary<Request> = fc.oneof(
  { weight: 5, arbitrary: releases },
  { weight: 3, arbitrary: changeCard },
  { weight: 1, arbitrary: removeCard },
  { weight: 5, arbitrary: beginEnrolment },
  { weight: 1, arbitrary: fc.constant(cancelEnrolment) },
  { weight: 1, arbitrary: setPulse },
  { weight: 2, arbitrary: callStep },
);
