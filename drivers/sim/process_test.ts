import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { takesAtMost } from "../../core/testing/takes_at_most.ts";
import { BoardProcess, runScript, signal } from "./testing/board_process.ts";

async function withBoard(test: (board: BoardProcess, directory: string) => Promise<void>) {
  const directory = await Deno.makeTempDir();
  const board = new BoardProcess(directory);
  try {
    await board.link(true);
    await test(board, directory);
  } finally {
    await board.end();
    await Deno.remove(directory, { recursive: true });
  }
}

const PULSE_MS = 700;
const LATE_MS = 100;

/** How long a pulse lasts whose client is lost in the middle, ms. */
async function lostPulse(how: "SIGKILL" | "SIGSTOP" | "block"): Promise<number> {
  let lasted = Infinity;
  await withBoard(async (board, directory) => {
    const mode = how === "block" ? "block" : "hang";
    const client = runScript("drivers/sim/testing/pulse_client.ts", directory, [
      `${directory}/sim.sock`,
      mode,
    ]);
    const gone = once(client, "exit");
    if (client.stdout) await once(client.stdout, "data");
    if (how !== "block") signal(client, how);
    const [on, off] = await board.edges("lock", 2, 0);
    if (how !== "SIGKILL") signal(client, "SIGKILL");
    await gone;
    assert.ok(on && off);
    assert.deepEqual([on.level, off.level, off.cause], [1, 0, "pulse ended"]);
    assert.equal((await board.port.call("edges", {})).total, 2);
    lasted = off.at - on.at;
  });
  return lasted;
}

for (const how of ["SIGKILL", "SIGSTOP", "block"] as const) {
  Deno.test(`I-5: the core meets ${how} during a pulse, and the pulse ends all the same`, () =>
    takesAtMost(PULSE_MS + LATE_MS, () => lostPulse(how)));
}

Deno.test("the board ignores Ctrl-C and ends, outputs off, when its power goes", () =>
  withBoard(async (board, directory) => {
    await board.port.call("pulse", { output: "lock", ms: 10_000, cause: "test" });
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) signal(board.child, name);
    assert.equal((await board.edges("lock", 1, 1)).length, 1);
    const changes = board.events;
    assert.equal(await board.end(), 0);
    assert.deepEqual(changes.at(-1), { event: "output", output: "lock", level: 0 });
    assert.equal(existsSync(`${directory}/sim.sock`), false);
  }));

Deno.test("a board that stood still does not do late what was asked meanwhile", () =>
  withBoard(async (board) => {
    signal(board.child, "SIGSTOP");
    const late = board.port.call("pulse", { output: "lock", ms: 700, cause: "late" });
    await assert.rejects(late, { code: "output-failed", status: 502 });
    signal(board.child, "SIGCONT");
    await board.link(false);
    await board.link(true);
    assert.equal((await board.port.call("edges", {})).total, 0);
  }));
