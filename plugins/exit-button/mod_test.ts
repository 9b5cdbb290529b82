import assert from "node:assert/strict";
import { boardService, contributeReleasable } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { provideAll, startBench } from "../testing/bench.ts";
import exitButton from "./mod.ts";

async function button(config: unknown = {}) {
  const bench = await startBench(exitButton, { config });
  const { core: ctx } = bench;
  await contributeReleasable({
    ctx,
    board: ctx.use(boardService),
    id: "lock",
    kind: "lock",
    name: "Door",
    pulseMs: 700,
  });
  return bench;
}

Deno.test("B-REL-7: the exit button releases the lock once for each press, by the same decision", async () => {
  const { board, clock, access, edges } = await button();
  board.setInput("exit-button", true);
  await clock.advance(60_000);
  board.setInput("exit-button", false);
  await clock.advance(1_000);
  assert.equal(access.requests.length, 1);
  const [request] = access.requests;
  assert.deepEqual(request?.actor, { kind: "input", id: "exit-button", scopes: [] });
  assert.equal(request?.via, "input");
  assert.deepEqual(edges("lock"), [[0, 1], [700, 0]]);
  board.press("exit-button");
  await clock.advance(1_000);
  assert.equal(access.requests.length, 2);
});

Deno.test("B-REL-7: another input is not the exit button", async () => {
  const { board, clock, access } = await button();
  board.press("bell");
  await clock.advance(1_000);
  assert.equal(access.requests.length, 0);
});

Deno.test("B-REL-7: switched off it opens nothing", async () => {
  const { board, clock, access } = await button({ enabled: false });
  board.press("exit-button");
  await clock.advance(1_000);
  assert.equal(access.requests.length, 0);
});

Deno.test("B-REL-7: a refusal is in the panel's log", async () => {
  const { board, clock, lines } = await button({ accessPoint: "cellar" });
  board.press("exit-button");
  await clock.advance(1_000);
  assert.deepEqual(lines.map((line) => line.message), ["The exit button did not open"]);
});

Deno.test("start, stop and start of exit-button leaves nothing behind", async () => {
  await checkLifecycle({ plugin: exitButton, services: (core, clock) => void provideAll(core, clock) });
});
