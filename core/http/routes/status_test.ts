import assert from "node:assert/strict";
import { boardLink, boardService } from "../../board/keys.ts";
import { definePlugin } from "../../plugin/plugin.ts";
import { pagesPoint } from "../keys.ts";
import { ApiPanel } from "../testing/api_panel.ts";

const board = definePlugin({
  id: "fake-board",
  api: 1,
  setup(ctx) {
    ctx.provide(boardService, {
      describe: () => Promise.resolve({ driver: "fake", outputs: [], inputs: [], readers: [] }),
      pulse: () => Promise.resolve(true),
      set: () => Promise.resolve(),
      pattern: () => Promise.resolve(),
      input: () => Promise.resolve(false),
      allOff: () => Promise.resolve(),
    });
    ctx.emit(boardLink, { up: true });
  },
});
const broken = definePlugin({
  id: "broken",
  api: 1,
  title: "Broken one",
  setup() {
    throw new Error("canary: /srv/secret");
  },
});

const health = async (panel: ApiPanel) => (await panel.ask("GET", "/health", { device: null })).body;

Deno.test("the status says how the panel and each plugin are doing", async () => {
  await using panel = await ApiPanel.start({ plugins: [board, broken] });
  const { body } = await panel.ask("GET", "/status");
  assert.deepEqual(body, {
    name: "Front door",
    version: "1.2.3",
    clock: { trusted: true },
    boardUp: true,
    plugins: [
      { id: "fake-board", title: "fake-board", state: "running", reason: "", errors: 0 },
      { id: "broken", title: "Broken one", state: "failed", reason: "canary: /srv/secret", errors: 0 },
    ],
    pages: [],
  });
});

Deno.test("the status names the pages there are now", async () => {
  const plugin = definePlugin({
    id: "timetable",
    api: 1,
    setup: (ctx) =>
      void ctx.contribute(pagesPoint, { path: "/timetable", file: "timetable.html", title: "Times" }),
  });
  await using panel = await ApiPanel.start({ plugins: [plugin] });
  const pages = async () => (await panel.ask("GET", "/status")).body.pages;
  assert.deepEqual(await pages(), [{ path: "/timetable", title: "Times" }]);
  await panel.core.host.halt("timetable");
  assert.deepEqual(await pages(), []);
});

Deno.test("health says whether all is well, to anyone, and not why", async () => {
  await using well = await ApiPanel.start({ plugins: [board] });
  assert.deepEqual(await health(well), { status: "ok" });
  await using ill = await ApiPanel.start({ plugins: [board, broken] });
  assert.deepEqual(await health(ill), { status: "degraded" });
});

Deno.test("a lost board, a stopped driver and a clock in doubt show in health and status", async () => {
  await using panel = await ApiPanel.start({ plugins: [board] });
  const { host } = panel.core;
  const boardUp = async () => (await panel.ask("GET", "/status")).body.boardUp;

  host.core.emit(boardLink, { up: false });
  assert.deepEqual([await boardUp(), await health(panel)], [false, { status: "degraded" }]);
  host.core.emit(boardLink, { up: true });
  assert.deepEqual([await boardUp(), await health(panel)], [true, { status: "ok" }]);

  await host.halt("fake-board");
  assert.deepEqual([await boardUp(), await health(panel)], [false, { status: "degraded" }]);
  await host.restart("fake-board");
  assert.deepEqual(await health(panel), { status: "ok" });

  panel.clock.jump(3_600_000);
  assert.deepEqual(await health(panel), { status: "degraded" });
  assert.deepEqual((await panel.ask("GET", "/status")).body.clock, { trusted: false });
});

Deno.test("the owner confirms the clock, and who did is in the log", async () => {
  await using panel = await ApiPanel.start({ plugins: [board] });
  panel.clock.jump(3_600_000);
  assert.equal((await panel.ask("GET", "/status")).body.clock.trusted, false);
  assert.equal((await panel.ask("POST", "/clock/confirm", { body: {} })).status, 204);
  assert.equal((await panel.ask("GET", "/status")).body.clock.trusted, true);
  const { body: [row] } = await panel.ask("GET", "/access-log?kind=clock");
  assert.deepEqual([row.outcome, row.actor.name], ["trusted", "Owner"]);
});

Deno.test("a clock that can't be right is not confirmed", async () => {
  await using panel = await ApiPanel.start();
  panel.clock.jump(-40 * 365 * 86_400_000);
  const { status, body } = await panel.ask("POST", "/clock/confirm");
  assert.deepEqual([status, body.code], [409, "clock-wrong"]);
});
