import assert from "node:assert/strict";
import process from "node:process";
import fc from "fast-check";
import { commands } from "./commands.ts";
import { World } from "./world.ts";

const STEPS = Deno.env.get("LATCHKEY_LONG") === "1" ? 1_000_000 : 10_000;
const COMMANDS = 120;

interface Replay {
  seed: number;
  path?: string;
  replayPath?: string;
}

/** `LATCHKEY_REPLAY='{"seed":1,"path":"0","replayPath":"…"}'`, as a failure prints it. */
function replay(): Replay | undefined {
  const text = Deno.env.get("LATCHKEY_REPLAY");
  return text === undefined ? undefined : JSON.parse(text);
}

/** Some runs of one seed. @returns how many steps they had */
async function run({ seed, path, replayPath }: Replay): Promise<number> {
  let steps = 0;
  const property = fc.asyncProperty(
    fc.commands(commands, { maxCommands: COMMANDS, size: "max", ...(replayPath ? { replayPath } : {}) }),
    async (chosen) => {
      await using world = await open(seed);
      await fc.asyncModelRun(() => ({ model: {}, real: world.world }), chosen);
      await world.world.panel.stop();
      world.world.verifyChain();
      steps += world.world.steps;
    },
  );
  await fc.assert(property, {
    seed,
    numRuns: path === undefined ? 5 : 1,
    endOnFailure: true,
    ...(path ? { path } : {}),
  });
  return steps;
}

async function open(seed: number): Promise<{ world: World } & AsyncDisposable> {
  const world = await World.begin(seed);
  return { world, [Symbol.asyncDispose]: () => world.panel[Symbol.asyncDispose]() };
}

Deno.test(`I-1 I-6 I-9: ${STEPS.toLocaleString("en")} random steps of a whole panel break no promise`, async () => {
  const given = replay();
  if (given) {
    await run(given);
    return;
  }
  let steps = 0;
  for (let seed = 1; steps < STEPS; seed++) {
    steps += await run({ seed });
    if (STEPS > 100_000 && seed % 100 === 0) process.stderr.write(`${steps} steps\n`);
  }
  assert.ok(steps >= STEPS);
});
