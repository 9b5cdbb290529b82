import assert from "node:assert/strict";
import { areaSchema, cameraSpecSchema, definitionsOf, sourceSchema } from "./spec.ts";
import { cameraSpec, RTSP } from "./testing/specs.ts";

Deno.test("B-LIVE-1: a camera has its own definition and those below, the finest first", () => {
  assert.deepEqual(definitionsOf("quad-hd"), ["quad-hd", "full-hd", "hd"]);
  assert.deepEqual(definitionsOf("hd"), ["hd"]);
});

Deno.test("a source is no way to another program, protocol or file", () => {
  assert.ok(sourceSchema.safeParse(RTSP).success);
  for (
    const url of ["file:///etc/passwd", "http://x/", "rtsp://a b/", "-i", "rtsp://a/\n", "concat:rtsp://x"]
  ) {
    assert.equal(sourceSchema.safeParse({ ...RTSP, url }).success, false, url);
  }
  const v4l2 = { kind: "v4l2", device: "/dev/video0", format: "raw", native: "hd" };
  assert.ok(sourceSchema.safeParse(v4l2).success);
  for (const device of ["/dev/../etc/passwd", "/etc/passwd", "video0", "/dev/", "/dev/a/b"]) {
    assert.equal(sourceSchema.safeParse({ ...v4l2, device }).success, false, device);
  }
});

Deno.test("a privacy area lies in the picture", () => {
  const area = { x: 0, y: 0, width: 1_000, height: 1_000 };
  assert.ok(areaSchema.safeParse(area).success);
  for (const change of [{ x: 1 }, { y: 1 }, { width: 0 }, { x: -1 }, { height: 0.5 }]) {
    assert.equal(areaSchema.safeParse({ ...area, ...change }).success, false, JSON.stringify(change));
  }
});

Deno.test("a name in the picture has no line breaks or other control characters", () => {
  const named = (name: string) =>
    cameraSpecSchema.safeParse(cameraSpec({ overlay: { name, time: false } })).success;
  assert.ok(named("Casa Rossi – ingresso: №1, 'nord'"));
  assert.equal(named("a\nb"), false);
  assert.equal(named("a\u0000b"), false);
});
