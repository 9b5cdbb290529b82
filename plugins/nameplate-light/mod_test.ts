import assert from "node:assert/strict";
import { boardLink, partChanged } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { type BenchOptions, OWNER, provideAll, startBench } from "../testing/bench.ts";
import nameplateLight from "./mod.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const EVENINGS = {
  mode: "schedule",
  schedule: { windows: [{ days: ["sat", "sun", "mon"], from: "17:00", to: "08:00" }] },
};

async function nameplate(config: unknown = {}, options: BenchOptions = {}) {
  const bench = await startBench(nameplateLight, { config, ...options });
  const shown = () => bench.board.state().outputs.find(({ name }) => name === "nameplate")?.level;
  return {
    ...bench,
    shown,
    /** `[UTC time, level]` of each change while `hours` pass. */
    async watch(hours: number) {
      const begin = bench.clock.now() - bench.clock.monotonic();
      const before = bench.edges("nameplate").length;
      await bench.clock.advance(hours * HOUR);
      return bench.edges("nameplate").slice(before)
        .map(([at = 0, level]) => [new Date(begin + at).toISOString().slice(8, 16), level]);
    },
    set: (args: unknown) => bench.command("nameplate", "set", args),
    state: async () => await bench.parts.get("nameplate")?.state(),
  };
}

Deno.test("B-SET-3: the light is on, off or dimmed, as set", async () => {
  assert.equal((await nameplate()).shown(), 1);
  assert.equal((await nameplate({ mode: "off" })).shown(), 0);
  assert.equal((await nameplate({ level: 0.3 })).shown(), 0.3);
});

Deno.test("B-SET-3: by schedule it is on at the set hours by the clocks in the panel's zone", async () => {
  const { watch } = await nameplate(EVENINGS, { start: Date.UTC(2026, 5, 1, 12, 0, 20) });
  // Monday evening; Tuesday has no window.
  assert.deepEqual(await watch(48), [["01T15:00", 1], ["02T06:00", 0]]);
});

Deno.test("B-SET-3: a schedule may have a zone of its own", async () => {
  const { watch } = await nameplate(
    { ...EVENINGS, schedule: { ...EVENINGS.schedule, zone: "America/New_York" } },
    { start: Date.UTC(2026, 5, 1, 12) },
  );
  assert.deepEqual(await watch(48), [["01T21:00", 1], ["02T12:00", 0]]);
});

Deno.test("B-SET-3: the schedule follows daylight saving", async () => {
  const october = await nameplate(EVENINGS, { start: Date.UTC(2026, 9, 24, 12) });
  assert.deepEqual(await october.watch(20), [["24T15:00", 1], ["25T07:00", 0]]);
  const march = await nameplate(EVENINGS, { start: Date.UTC(2026, 2, 28, 12) });
  assert.deepEqual(await march.watch(20), [["28T16:00", 1], ["29T06:00", 0]]);
});

Deno.test("B-SET-3: a clock that jumps is followed within a minute, both ways", async () => {
  const { clock, shown } = await nameplate(EVENINGS);
  assert.equal(shown(), 0);
  clock.jump(4 * HOUR);
  await clock.advance(MINUTE);
  assert.equal(shown(), 1);
  clock.jump(-4 * HOUR);
  await clock.advance(MINUTE);
  assert.equal(shown(), 0);
});

Deno.test("B-SET-3: started in the middle of a window it is on at once, at its level", async () => {
  const { shown } = await nameplate({ ...EVENINGS, level: 0.5 }, { start: Date.UTC(2026, 5, 1, 20) });
  assert.equal(shown(), 0.5);
});

Deno.test("B-SET-3: a command switches and dims at once, and holds over a restart", async () => {
  const { set, shown, state, host, clock } = await nameplate(EVENINGS);
  await set({ mode: "on" });
  assert.equal(shown(), 1);
  await set({ level: 0.25 });
  assert.equal(shown(), 0.25);
  await host.restart("nameplate-light");
  assert.equal(shown(), 0.25);
  assert.deepEqual(await state(), { on: true, shown: 0.25, mode: "on", level: 0.25 });
  await clock.advance(24 * HOUR);
  assert.equal(shown(), 0.25);
  await set({ mode: "off" });
  assert.equal(shown(), 0);
  await host.restart("nameplate-light");
  assert.deepEqual(await state(), { on: false, shown: 0, mode: "off", level: 0.25 });
});

Deno.test("B-SET-3: told to follow the schedule again, it does, at the level it was told", async () => {
  const { set, shown, clock } = await nameplate({ ...EVENINGS, mode: "off" });
  await set({ mode: "schedule" });
  await set({ level: 0.4 });
  assert.equal(shown(), 0);
  await clock.advance(3 * HOUR);
  assert.equal(shown(), 0.4);
});

Deno.test("B-SET-3: two commands at once are both kept", async () => {
  const { parts, shown, host } = await nameplate({ mode: "off" });
  const set = parts.get("nameplate")?.commands?.set;
  await Promise.all([set?.run({ mode: "on" }, OWNER), set?.run({ level: 0.7 }, OWNER)]);
  await host.restart("nameplate-light");
  assert.equal(shown(), 0.7);
});

Deno.test("B-SET-3: changed settings end what was commanded before", async () => {
  const { set, shown, host } = await nameplate({ level: 0.9 });
  await set({ mode: "off" });
  await host.restart("nameplate-light", { level: 0.9, name: "Sign" });
  assert.equal(shown(), 0, "a new name says nothing of the light");
  await host.restart("nameplate-light", { level: 0.8 });
  assert.equal(shown(), 0.8);
});

Deno.test("B-SET-3: a wrong command is refused and changes nothing", async () => {
  const { set, shown } = await nameplate({ level: 0.6 });
  for (const args of [{}, { level: 0 }, { level: 1.1 }, { mode: "dusk" }, { mode: "off", hours: 2 }]) {
    await assert.rejects(set(args), { name: "ZodError" });
  }
  assert.equal(shown(), 0.6);
});

Deno.test("B-SET-3: wrong settings are refused with the field", () => {
  for (
    const [field, settings] of Object.entries({
      mode: { mode: "dusk" },
      level: { level: 0 },
      "schedule.zone": { schedule: { ...EVENINGS.schedule, zone: "Europe/Atlantis" } },
      "schedule.windows": { schedule: { windows: [] } },
      "schedule.windows.0.from": { schedule: { windows: [{ days: ["mon"], from: "25:00", to: "08:00" }] } },
    })
  ) {
    const { error } = nameplateLight.config.safeParse(settings);
    assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), [field]);
  }
});

Deno.test("B-SET-3: where the light refuses, whoever commands is told, and it is tried again each minute", async () => {
  const { board, set, shown, clock, lines } = await nameplate();
  board.setFault({ kind: "output-refuses", output: "nameplate" }, true);
  await assert.rejects(set({ level: 0.5 }), { code: "output-failed" });
  await clock.advance(MINUTE);
  assert.match(lines[0]?.message ?? "", /does not follow/);
  board.setFault({ kind: "output-refuses", output: "nameplate" }, false);
  await clock.advance(MINUTE);
  assert.equal(shown(), 0.5);
});

Deno.test("B-SET-3: after the hardware's power cut the light comes back", async () => {
  const { core, board, clock, shown, hear } = await nameplate();
  const told = hear(partChanged);
  board.allOff("power cut");
  core.emit(boardLink, { up: true });
  await clock.advance(0);
  assert.equal(shown(), 1);
  assert.deepEqual(told.map(({ state }) => state.on), [false, true]);
});

Deno.test("start, stop and start of nameplate-light leaves nothing behind", async () => {
  await checkLifecycle({
    plugin: nameplateLight,
    config: EVENINGS,
    services: (core, clock) => void provideAll(core, clock),
    exercise: (_core, clock) => clock.advance(4 * HOUR),
  });
});
