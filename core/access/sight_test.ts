import assert from "node:assert/strict";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { sightsPoint } from "./keys.ts";
import type { Actor, ReleaseRequest } from "./model.ts";

/** A panel with a monitor, and what it is known to show. */
function monitorTest(
  name: string,
  story: (bench: {
    panel: AccessPanel;
    /** What is known of each device, in place of what the camera would say. */
    shows(shownMs: (deviceId: string) => Promise<number | undefined>): void;
    /** The monitor asks; the answer's reason. */
    ask(change?: Partial<ReleaseRequest>): Promise<string>;
  }) => Promise<void>,
): void {
  Deno.test(
    name,
    inTempDir(async (dir) => {
      const panel = new AccessPanel(dir);
      const { members } = panel.parts;
      const terms = { until: null, terms: null, scopes: [] };
      const id = members.add({ name: "Hall", role: "monitor", ...terms }, panel.clock.now());
      const monitor: Actor = { kind: "monitor", id, scopes: [] };
      await story({
        panel,
        shows: (shownMs) => void panel.host.core.contribute(sightsPoint, { id: "test", shownMs }),
        async ask(change) {
          const { reason } = await panel.access.release(
            panel.request(monitor, { via: "monitor", deviceId: "hall", ...change }),
          );
          panel.lock.close();
          return reason;
        },
      });
      await panel.stop();
    }),
  );
}

monitorTest("B-REL-4: nobody knows what the monitor shows, and it opens nothing", async ({ panel, ask }) => {
  assert.equal(await ask(), "not-watching");
  assert.equal(panel.lock.pulses.length, 0);
});

monitorTest(
  "B-REL-4: a monitor releases while it shows a picture that was presented in the last 2 s",
  async ({ panel, shows, ask }) => {
    let shown: number | undefined;
    shows(() => Promise.resolve(shown));
    for (const [ms, reason] of [[0, "granted"], [2_000, "granted"], [2_001, "not-watching"]] as const) {
      shown = ms;
      assert.equal(await ask(), reason, `${ms} ms`);
    }
    for (const nonsense of [undefined, NaN, -1, -Infinity]) {
      shown = nonsense;
      assert.equal(await ask(), "not-watching", String(nonsense));
    }
    assert.equal(panel.lock.pulses.length, 2);
  },
);

monitorTest(
  "B-REL-4: the picture has to be on the very device that asks, and another's helps nobody",
  async ({ shows, ask }) => {
    shows((deviceId) => Promise.resolve(deviceId === "hall" ? 10 : undefined));
    assert.equal(await ask({ deviceId: "kitchen" }), "not-watching");
    assert.equal(await ask({ deviceId: "" }), "not-watching");
    assert.equal(await ask(), "granted");
  },
);

monitorTest(
  "B-REL-4: who answers late makes no picture newer, and who fails or does not answer shows none",
  async ({ panel, shows, ask }) => {
    let answer = (): Promise<number | undefined> => Promise.reject(new Error("no link"));
    shows(() => answer());
    assert.equal(await ask(), "not-watching");
    const late = Promise.withResolvers<number>();
    answer = () => late.promise;
    const asked = ask();
    await panel.clock.advance(400);
    late.resolve(1_601);
    assert.equal(await asked, "not-watching", "2,001 ms by now");
    answer = () => new Promise(() => {});
    const hanging = ask();
    await panel.clock.advance(500);
    assert.equal(await hanging, "not-watching");
  },
);

monitorTest("what a monitor shows is nothing that anyone else waits for", async ({ panel, shows }) => {
  shows(() => new Promise(() => {}));
  assert.equal((await panel.access.release(panel.request(OWNER))).outcome, "released");
});
