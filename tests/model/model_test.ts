import assert from "node:assert/strict";
import process from "node:process";
import fc from "fast-check";
import { reasonSchema } from "../../core/access/model.ts";
import { type Step, steps } from "./steps.ts";
import { STARTS } from "./terms.ts";
import { World } from "./world.ts";

const isLong = process.env["LATCHKEY_LONG"] === "1";
const STEPS = isLong ? 50_000 : 10_000;
const SEEDS = isLong ? 20 : 1;
const LONGEST_RUN = 200;
const RUNS_AT_ONCE = 10;
/** Seeds of one test are this far from those of the next. */
const SEEDS_APART = 10_000;

/** What a failure prints and `LATCHKEY_MODEL` takes to run it again, and it alone. */
interface Replay {
  seed: number;
  path?: string | undefined;
  replayPath?: string | undefined;
}

/** All that a badge can be answered. A test that no longer came to one of them would prove less than it says. */
const ANSWERS = reasonSchema.exclude([
  "unknown-access-point",
  "denied-by-plugin",
  "not-allowed",
  "not-watching",
  "log-unavailable",
  "output-failed",
]).options;

/**
 * Some runs of a panel from its first start on, each of random steps.
 * @returns how many steps there were, and what badges were answered
 * @throws with the fewest steps that fail, and how to take them again
 */
async function run({ seed, path, replayPath }: Replay): Promise<{ count: number; reasons: Set<string> }> {
  let count = 0;
  const reasons = new Set<string>();
  const property = fc.asyncProperty(
    fc.constantFrom(...STARTS),
    fc.nat(),
    fc.commands([steps], {
      maxCommands: LONGEST_RUN,
      size: "max",
      ...(replayPath === undefined ? {} : { replayPath }),
    }),
    async (start, randomness, chosen: Iterable<Step>) => {
      await using world = await World.start(randomness, start);
      await fc.asyncModelRun(() => ({ model: world, real: world }), chosen);
      await world.end();
      count += world.steps;
      for (const reason of world.judge.reasons) reasons.add(reason);
    },
  );
  const found = await fc.check(property, {
    seed,
    numRuns: path === undefined ? RUNS_AT_ONCE : 1,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  });
  if (!found.failed) return { count, reasons };
  const taken = String(found.counterexample?.[2]);
  const again: Replay = {
    seed: found.seed,
    path: found.counterexamplePath ?? undefined,
    replayPath: /replayPath="([^"]*)"/.exec(taken)?.[1],
  };
  throw new Error(
    `A promise is broken by these steps:\n  ${taken}\nAgain: LATCHKEY_MODEL='${
      JSON.stringify(again)
    }' deno task test tests/model`,
    { cause: found.errorInstance },
  );
}

const given = process.env["LATCHKEY_MODEL"];

if (given !== undefined) {
  Deno.test("I-1 I-6 I-9 I-10: the steps of LATCHKEY_MODEL break no promise", async () => {
    await run(JSON.parse(given));
  });
} else {
  for (let n = 0; n < SEEDS; n++) {
    const name = `I-1 I-6 I-9 I-10: ${
      STEPS.toLocaleString("en")
    } random steps of a whole panel break no promise`;
    Deno.test(`${name}, seed ${n}`, async () => {
      let count = 0;
      const missing = new Set<string>(ANSWERS);
      for (let seed = n * SEEDS_APART; count < STEPS; seed++) {
        const ran = await run({ seed });
        count += ran.count;
        for (const reason of ran.reasons) missing.delete(reason);
      }
      assert.deepEqual([...missing], [], "answers to badges that never came");
    });
  }
}
