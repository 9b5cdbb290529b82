import assert from "node:assert/strict";
import { oneAtATime } from "./turns.ts";

Deno.test("what is done one at a time begins once what came before is over, failed or not", async () => {
  const inTurn = oneAtATime();
  const gate = Promise.withResolvers<void>();
  const told: string[] = [];
  const first = inTurn(async () => {
    told.push("first begins");
    await gate.promise;
    told.push("first fails");
    throw new Error("No");
  });
  const second = inTurn(() => {
    told.push("second");
    return 2;
  });
  await Promise.resolve();
  assert.deepEqual(told, ["first begins"]);
  gate.resolve();
  await assert.rejects(first, /No/);
  assert.equal(await second, 2);
  assert.deepEqual(told, ["first begins", "first fails", "second"]);
});
