import assert from "node:assert/strict";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { codeService } from "./keys.ts";

/** Enters codes from one source; the answer is its outcome, or the code of its refusal. */
async function keypad(panel: AccessPanel, usesLeft: number | null) {
  const codes = panel.host.core.use(codeService);
  const { text } = await codes.add({
    name: "Parcel",
    form: "pin",
    terms: { validity: { kind: "always" }, accessPoints: ["lock"], usesLeft, suspended: false },
  }, OWNER);
  let count = 0;
  async function enter(given: string): Promise<string> {
    panel.lock.close();
    const requestId = `keypad-${++count}`;
    const request = { text: given, accessPoint: "lock", requestId, source: "10.0.0.1", via: "app" } as const;
    return await codes.redeem(request).then(({ outcome }) => outcome, (error) => error.code);
  }
  return { text, enter };
}

Deno.test(
  "I-11: who has a code, good or used up, has no more guesses for it than who has none",
  inTempDir(async (dir) => {
    for (const usesLeft of [null, 0]) {
      const panel = new AccessPanel(`${dir}/${usesLeft}`);
      const { text, enter } = await keypad(panel, usesLeft);
      let wrong = 0;
      for (let n = 0; n < 40; n++) {
        if (await enter(n % 4 === 0 ? text : "00000000") === "code-wrong") wrong++;
      }
      assert.ok(wrong <= 5, `${wrong} guesses with ${usesLeft} uses left`);
      await panel.stop();
    }
  }),
);

Deno.test(
  "a code that opens nothing fills the log no faster than wrong ones do",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { text, enter } = await keypad(panel, 0);
    const answers: string[] = [];
    for (let n = 0; n < 20; n++) answers.push(await enter(text));
    assert.deepEqual(answers.slice(0, 5), Array(5).fill("denied"));
    assert.deepEqual(answers.slice(5), Array(15).fill("code-wait"));
    assert.equal((await panel.access.log({ kind: "release" })).length, 5);
    await panel.stop();
  }),
);

Deno.test(
  "I-11: each quarter of an hour without a wrong code forgives one, so that a keypad for all has no memory for life",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { text, enter } = await keypad(panel, null);
    for (let n = 0; n < 30; n++) {
      assert.equal(await enter("00000000"), "code-wrong");
      assert.equal(await enter(text), "released", `after ${n + 1} typing errors`);
      await panel.clock.advance(15 * 60_000);
    }
    for (let n = 0; n < 60; n++) {
      await enter("00000000");
      await panel.clock.advance(15 * 60_000 - 1);
    }
    assert.equal(await enter("00000000"), "code-wait");
    await panel.clock.advance(10 * 15 * 60_000);
    for (let n = 0; n < 5; n++) assert.equal(await enter("00000000"), "code-wrong");
    assert.equal(await enter(text), "code-wait");
    await panel.stop();
  }),
);
