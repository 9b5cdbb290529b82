import assert from "node:assert/strict";
import { Presented } from "./presented.ts";

/** One that gets the stream: frames of times 9,000 apart, one every 100 ms, the first at 0. */
function viewer(frames: number): Presented {
  const presented = new Presented();
  for (let i = 0; i < frames; i++) presented.sent(1_000 + i * 9_000, i * 100);
  presented.reported(500, frames * 100 - 100);
  return presented;
}

Deno.test("B-REL-4: a frame that was sent, named by its time, was presented no longer ago than it was sent", () => {
  const presented = viewer(10);
  assert.equal(presented.age(1_000), undefined, "nothing is named yet");
  presented.named(String(1_000 + 5 * 9_000));
  assert.equal(presented.age(1_000), 500);
  presented.named(String(1_000 + 3 * 9_000));
  assert.equal(presented.age(1_000), 500, "an older one makes nothing older");
  presented.named(String(1_000 + 9 * 9_000));
  assert.equal(presented.age(3_900), 3_000);
});

Deno.test("B-REL-4: what names no frame of this session proves nothing", () => {
  const presented = viewer(10);
  for (
    const text of ["", "true", "1001", "999", "-1000", "1e3", "0x3e8", "1000.0", " 1000", "NaN", "1000 19000"]
  ) {
    presented.named(text);
    assert.equal(presented.age(1_000), undefined, text);
  }
});

Deno.test("B-REL-4: a frame from long ago is not remembered", () => {
  const presented = viewer(300);
  presented.named("1000");
  assert.equal(presented.age(30_000), undefined);
});

Deno.test("B-REL-4: named frames count only while the browser reports that more of the stream arrives", () => {
  const presented = new Presented();
  const name = (now: number) => {
    presented.sent(now, now);
    presented.named(String(now));
    return presented.age(now);
  };
  assert.equal(name(0), undefined, "nothing is reported yet");
  presented.reported(undefined, 100);
  assert.equal(name(100), undefined, "a report of another stream");
  presented.reported(0xffff_fff0, 200);
  assert.equal(name(3_200), 0);
  assert.equal(name(3_201), undefined);
  presented.reported(0xffff_fff0, 4_000);
  assert.equal(name(4_000), undefined, "it has got nothing since");
  presented.reported(5, 5_000);
  assert.equal(name(5_000), 0, "the count begins anew after 2^32");
});
