import assert from "node:assert/strict";
import { LARGEST_SOUND_BYTES, LONGEST_SOUND_MS } from "../../../media/spec.ts";
import { MOST_REPLIES, replyNameSchema } from "../../../plugins/intercom/replies.ts";
import { LARGEST_BYTES, LONGEST_MS, LONGEST_NAME, MOST } from "./limits.ts";

Deno.test("the page offers as much as the panel takes", () => {
  assert.deepEqual([LARGEST_BYTES, LONGEST_MS, MOST], [LARGEST_SOUND_BYTES, LONGEST_SOUND_MS, MOST_REPLIES]);
  assert.ok(replyNameSchema.safeParse("x".repeat(LONGEST_NAME)).success);
  assert.ok(!replyNameSchema.safeParse("x".repeat(LONGEST_NAME + 1)).success);
});
