import assert from "node:assert/strict";
import { topicsUnder } from "./topics.ts";

Deno.test("a topic says what it asks for, also of a third party's part, and anything else asks for nothing", () => {
  const { wish, command, release } = topicsUnder("home/door");
  assert.deepEqual(wish(command("nameplate", "set")), { kind: "command", part: "nameplate", command: "set" });
  assert.deepEqual(wish(command("shed.lamp", "set")), { kind: "command", part: "shed.lamp", command: "set" });
  assert.deepEqual(wish(release("lock")), { kind: "release", accessPoint: "lock" });
  for (
    const topic of [
      "home/door/command/lamp",
      "home/door/command/lamp/set/more",
      "home/door/release/lock/now",
      "home/door/release/",
      "home/door/state/lock",
      "home/doors/release/lock",
      "home/door/release/lo ck",
    ]
  ) {
    assert.equal(wish(topic), undefined, topic);
  }
});
