import assert from "node:assert/strict";
import type { Clip } from "../../../plugins/recorder/keys.ts";
import type { Client } from "../../lib/api/client.ts";
import { Shelf } from "./shelf.ts";

const PART: Clip = {
  id: "a".repeat(32),
  cause: "call",
  startedAt: 0,
  ms: 5_000,
  bytes: 1,
  sealed: false,
  protected: false,
  call: "call-1",
};

const shelfOf = (clips: Clip[]) => {
  const paths: string[] = [];
  const get = (path: string) => {
    paths.push(path);
    return Promise.resolve(clips);
  };
  return { paths, shelf: new Shelf({ get } as unknown as Client) };
};

Deno.test("a call that was recorded in several parts is watched from its beginning", async () => {
  const parts = [30_000, 20_000, 10_000].map((startedAt) => ({ ...PART, startedAt }));
  const { paths, shelf } = shelfOf(parts);
  assert.equal((await shelf.ofCall("call-1"))?.startedAt, 10_000);
  assert.deepEqual(paths, ["/plugins/recorder/clips?call=call-1"]);
  assert.equal(await shelfOf([]).shelf.ofCall("call-1"), undefined);
});

Deno.test("whoever has come to older recordings keeps them when another one is made", async () => {
  const all = Array.from({ length: 60 }, (_, i) => ({ ...PART, id: `clip-${60 - i}`, startedAt: 60 - i }));
  const get = (path: string) => {
    const { pathname, searchParams } = new URL(path, "http://panel");
    if (pathname.endsWith("/state")) return Promise.resolve({ card: { state: "normal" } });
    const before = Number(searchParams.get("before") ?? Infinity);
    return Promise.resolve(
      all.filter(({ startedAt }) => startedAt < before).slice(0, Number(searchParams.get("limit"))),
    );
  };
  const shelf = new Shelf({ get } as unknown as Client);
  await shelf.load();
  assert.deepEqual([shelf.value.clips.length, shelf.value.more], [24, true]);
  await shelf.more();
  all.unshift({ ...PART, id: "clip-61", startedAt: 61 });
  await shelf.load();
  assert.equal(shelf.value.clips[0]!.id, "clip-61");
  assert.deepEqual([shelf.value.clips.length, shelf.value.more], [48, true]);
});
