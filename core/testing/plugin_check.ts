import assert from "node:assert/strict";
import { createLog, readableLine } from "../log.ts";
import { Host } from "../plugin/host.ts";
import type { Context, Plugin } from "../plugin/plugin.ts";
import { memoryStore } from "./memory_store.ts";
import { VirtualClock } from "./virtual_clock.ts";

export interface LifecycleCheck {
  plugin: Plugin;
  config?: unknown;
  /** Provides the services that the plugin uses. */
  services?: (core: Context, clock: VirtualClock) => void;
  /** Makes the plugin work a little between its starts. */
  exercise?: (core: Context, clock: VirtualClock) => Promise<void> | void;
}

/** Proves of any plugin that start → stop → start leaves nothing behind: no effect, no timer, no route, no error. */
export async function checkLifecycle(
  { plugin, config = {}, services, exercise }: LifecycleCheck,
): Promise<void> {
  const clock = new VirtualClock();
  const trouble: string[] = [];
  const log = createLog({
    level: "error",
    now: () => clock.now(),
    sink: (line) => trouble.push(readableLine(line)),
  });
  let served = 0;
  const host = new Host({
    clock,
    log,
    storeFor: memoryStore(),
    serve() {
      served++;
      return () => void served--;
    },
  });
  services?.(host.core, clock);
  const timersBefore = clock.pending;
  const effectsBefore = host.effects();
  const state = () => host.status().map((status) => `${status.state} ${status.reason}`.trim());

  host.add(plugin, config);
  await host.start();
  assert.deepEqual(state(), ["running"], `${plugin.id} must start`);
  const started = { effects: host.effects(), timers: clock.pending, served };
  for (let round = 1; round <= 2; round++) {
    await exercise?.(host.core, clock);
    await host.halt(plugin.id);
    assert.equal(clock.pending, timersBefore, `${plugin.id} left a timer after stop ${round}`);
    assert.equal(served, 0, `${plugin.id} left routes after stop ${round}`);
    assert.deepEqual(host.effects(), { ...effectsBefore, [plugin.id]: [] });
    await host.restart(plugin.id);
    assert.deepEqual(
      { effects: host.effects(), timers: clock.pending, served },
      started,
      `${plugin.id}, start ${round + 1}`,
    );
  }
  await host.stop();
  assert.equal(clock.pending, timersBefore, `${plugin.id} left a timer at the end`);
  assert.deepEqual(trouble, [], `${plugin.id} logged errors`);
}
