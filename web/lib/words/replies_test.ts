import assert from "node:assert/strict";
import { ApiError } from "../api/problem.ts";
import { clockText, fileTitle, heardText, replyFaults } from "./replies.ts";

Deno.test("a length is told as clocks do", () => {
  assert.deepEqual([0, 999, 7_400, 30_000, 61_000].map(clockText), ["0:00", "0:00", "0:07", "0:30", "1:01"]);
});

Deno.test("who is heard at the door is told by name, a quick reply by its own too", () => {
  assert.equal(heardText({ session: "s", by: "Anna", reply: null }), "Anna is speaking at the door");
  assert.equal(
    heardText({ session: "s", by: "Anna", reply: "Come in" }),
    "“Come in” is being played at the door, by Anna",
  );
});

Deno.test("a file offers its title as the name, without what tells its kind and not too long", () => {
  assert.deepEqual(
    ["come_in.mp3", "Leave it.at the door.m4a", ".wav", "a\nb.ogg", "plain"].map((name) =>
      fileTitle(name, 40)
    ),
    ["come in", "Leave it.at the door", "", "a b", "plain"],
  );
  assert.equal(fileTitle("a rather long title.wav", 9), "a rather");
});

Deno.test("what the panel refuses is said at the field that it is about", () => {
  const refused = (code: string, status: number, faults = [] as { field: string; message: string }[]) =>
    Object.keys(replyFaults(new ApiError(code, status, "Because", { faults })));
  assert.deepEqual(refused("reply-taken", 409), ["name"]);
  assert.deepEqual(refused("input-invalid", 400, [{ field: "name", message: "too long" }]), ["name"]);
  assert.deepEqual(refused("sound-unknown", 422), ["sound"]);
  assert.deepEqual(refused("too-large", 413), ["sound"]);
  assert.deepEqual(replyFaults(new ApiError("media-away", 503, "Because")), { other: "Because" });
});
