import assert from "node:assert/strict";
import { Floor } from "./floor.ts";

class Bench {
  readonly told: string[] = [];
  readonly floor = new Floor({
    taken: () => this.told.push("taken"),
    free: () => this.told.push("free"),
    ended: (session, why) => this.told.push(`${session}: ${why}`),
  });

  take(session: string): void {
    this.floor.take({ session, end: () => this.told.push(`end ${session}`) });
  }
}

Deno.test("B-CALL-4: who comes is heard in place of whoever was, who is told", () => {
  const bench = new Bench();
  const { told, floor } = bench;
  bench.take("a");
  bench.take("b");
  assert.deepEqual(told.splice(0), ["taken", "taken", "end a", "a: somebody else is heard now"]);
  assert.deepEqual([floor.has("a"), floor.has("b"), floor.isTaken], [false, true, true]);
  assert.equal(floor.leave("a"), false, "it is over already");
  floor.over("a", "gone");
  assert.deepEqual(told, []);
  assert.equal(floor.leave("b"), true);
  assert.deepEqual(told, ["end b", "free"], "nobody is told of what they did themselves");
});

Deno.test("a session that is over of itself is told of once", () => {
  const bench = new Bench();
  bench.take("a");
  bench.floor.over("a", "gone");
  bench.floor.over("a", "gone");
  bench.floor.clear("changed");
  assert.deepEqual(bench.told, ["taken", "end a", "free", "a: gone"]);
});
