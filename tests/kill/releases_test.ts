import assert from "node:assert/strict";
import { findStrace } from "../../scripts/test_tools.ts";
import { chainFindings } from "../harness/chain.ts";
import { seededRandom } from "../harness/random.ts";
import { type Death, KillBench } from "./killing.ts";

const KILLS = Deno.env.get("LATCHKEY_LONG") === "1" ? 1_000 : 100;
/** Panels that are killed at the same time, one for each core. */
const PANELS = 2;
const KILLS_OF_A_PANEL = 50;

function numbers(seed: number): (most: number) => number {
  const random = seededRandom(seed);
  return (most) => 1 + ((random(1)[0]! << 8) | random(1)[0]!) % most;
}

/** The calls by which a release gets to disk, and the one by which it gets to the board. */
const CALLS = [["pwrite64", 150], ["fsync", 60], ["sendto", 60]] as const;

function deathOf(kill: number, upTo: (most: number) => number): Death {
  const [call, most] = CALLS[upTo(CALLS.length) - 1]!;
  switch (kill % 4) {
    case 0:
      return { at: "syscall", call, count: upTo(most) };
    case 1:
      return { at: "answer", count: upTo(40) };
    default:
      return { at: "pulse", count: upTo(20), delayMs: kill % 4 === 2 ? 0 : upTo(6) };
  }
}

/** What opens something, in the order in which it came on. */
function pulsesOf({ edges }: KillBench): string[] {
  return edges.filter(({ line, level }) => (line === "lock" || line === "gate") && level > 0)
    .map(({ cause }) => cause);
}

function checkPulses(bench: KillBench, when: string): void {
  const granted = bench.rows().filter(({ outcome }) => outcome === "released").map((row) => row.request_id);
  const rows = new Set(granted);
  const pulses = pulsesOf(bench);
  assert.deepEqual(pulses.filter((cause) => !rows.has(cause)), [], `no pulse without a row, ${when}`);
  assert.equal(new Set(pulses).size, pulses.length, `no request moves twice, ${when}`);
}

async function killPanel(seed: number): Promise<{ pulses: number; lives: number }> {
  const upTo = numbers(seed);
  await using bench = await KillBench.start();
  for (let kill = 0; kill < KILLS_OF_A_PANEL; kill++) {
    const death = deathOf(kill, upTo);
    await bench.live(`${seed}-${kill}`, death);
    checkPulses(bench, `after life ${seed}-${kill}, dead at ${JSON.stringify(death)}`);
  }

  const rows = bench.rows();
  const logged = new Set(rows.map((row) => `${row.request_id} ${row.outcome}`));
  assert.deepEqual(
    bench.answers.filter((answer) => !logged.has(answer)),
    [],
    "what was answered is in the log",
  );
  const byCard = rows.filter((row) => row.access_point === "gate" && row.outcome === "released").length;
  assert.equal(bench.usesLeft(), 1_000_000 - byCard, "uses are counted with the rows");
  assert.deepEqual(chainFindings(bench.dir), [], "the chain verifies");
  return { pulses: pulsesOf(bench).length, lives: KILLS_OF_A_PANEL };
}

const strace = findStrace() !== undefined;

Deno.test({
  name: `I-1: ${KILLS} kills during a stream of releases: no pulse without a row` +
    (strace ? "" : " (skipped: no strace)"),
  ignore: !strace,
  async fn() {
    const seeds = Array.from({ length: KILLS / KILLS_OF_A_PANEL }, (_, index) => index + 1);
    const worker = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const { pulses, lives } = await killPanel(seed);
        assert.ok(pulses > lives, `panel ${seed}: ${pulses} pulses in ${lives} lives`);
      }
    };
    await Promise.all(Array.from({ length: PANELS }, worker));
  },
});
