import assert from "node:assert/strict";
import { Newest } from "./newest.ts";

/** Time and answers are the test's. */
function bench() {
  const sent: number[] = [];
  const lost: string[] = [];
  let due: (() => void) | undefined;
  let answer = Promise.withResolvers<void>();
  const newest = new Newest<number>({
    send(value) {
      sent.push(value);
      answer = Promise.withResolvers();
      return answer.promise;
    },
    lost: (fault) => void lost.push(fault),
    after(_ms, action) {
      due = action;
      return () => void (due = undefined);
    },
  });
  return {
    newest,
    sent,
    lost,
    /** The pause is over, if there is one. */
    pause() {
      const action = due;
      due = undefined;
      action?.();
      return action !== undefined;
    },
    async arrive() {
      answer.resolve();
      await answer.promise;
      await Promise.resolve();
    },
    async fail(why: string) {
      answer.reject(new Error(why));
      await answer.promise.catch(() => {});
      await Promise.resolve();
    },
  };
}

Deno.test("of what comes thick and fast only the newest is sent, after a pause", async () => {
  const { newest, sent, pause, arrive } = bench();
  for (const value of [1, 2, 3]) newest.put(value);
  assert.deepEqual(sent, []);
  assert.equal(newest.value.open, true);
  pause();
  await arrive();
  assert.deepEqual([sent, newest.value, pause()], [[3], { open: false, fault: undefined }, false]);
});

Deno.test("what comes while one is on its way is sent after it, the newest alone", async () => {
  const { newest, sent, pause, arrive } = bench();
  newest.put(1);
  pause();
  newest.put(2);
  pause();
  newest.put(3);
  pause();
  assert.deepEqual(sent, [1], "one at a time");
  await arrive();
  assert.equal(newest.value.open, true);
  assert.equal(pause(), true);
  await arrive();
  assert.deepEqual([sent, newest.value.open], [[1, 3], false]);
});

Deno.test("what does not arrive is kept with the reason, and sent when it is asked for", async () => {
  const { newest, sent, lost, pause, arrive, fail } = bench();
  newest.put(1);
  pause();
  await fail("No answer");
  assert.deepEqual([newest.value, pause()], [{ open: true, fault: "No answer" }, false]);
  newest.flush();
  assert.deepEqual([sent, newest.value.fault], [[1, 1], undefined]);
  await arrive();
  assert.deepEqual([newest.value.open, lost], [false, []]);
});

Deno.test("what fails is not sent again where a newer one waits", async () => {
  const { newest, sent, pause, arrive, fail } = bench();
  newest.put(1);
  pause();
  newest.put(2);
  await fail("No answer");
  pause();
  await arrive();
  assert.deepEqual([sent, newest.value], [[1, 2], { open: false, fault: undefined }]);
});

Deno.test("the last one is sent though nobody looks any more, and what becomes of it is told", async () => {
  const { newest, sent, lost, pause, arrive, fail } = bench();
  newest.put(1);
  newest.close();
  assert.deepEqual([sent, pause()], [[1], false]);
  newest.put(2);
  newest.close();
  await arrive();
  assert.deepEqual(sent, [1, 2]);
  await fail("No answer");
  assert.deepEqual([sent, lost, newest.value.open], [[1, 2], ["No answer"], false]);
});
