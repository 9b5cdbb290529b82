import assert from "node:assert/strict";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { childOf, PanelProcess, Visitor } from "../boot/panel_process.ts";
import { install, isRunning, memoryOf, until } from "./installed.ts";

const MESSAGES = 1_000_000;
/** What is read of those that are written straight into the pipe: as the panel takes 2,000 a second, all take minutes. */
const READ = Deno.env.get("LATCHKEY_LONG") ? MESSAGES : 20_000;
const MOST_MB = 16;

/** Emits as fast as it can once it is told to: by the context, or past it, straight into its pipe. */
const flood = (how: string) =>
  `import { writeSync } from "node:fs";
import { defineEvent, definePlugin, route } from "latchkey";
import { z } from "zod";

const told = defineEvent("flood.told", z.strictObject({ n: z.number(), text: z.string() }));
const text = "x".repeat(100);

export default definePlugin({
  id: "flood",
  api: 1,
  setup(ctx) {
    let sent = 0;
    async function byContext() {
      while (sent < ${MESSAGES}) {
        for (let i = 0; i < 1_000; i++) ctx.emit(told, { n: sent++, text });
        await new Promise((go) => setTimeout(go));
      }
    }
    async function byPipe() {
      const line = JSON.stringify({ t: "emit", name: "flood.told", audience: "household", value: { n: 0, text } }) + "\\n";
      while (sent < ${MESSAGES}) {
        try {
          writeSync(1, line);
          sent++;
        } catch ({ code }) {
          if (code !== "EAGAIN") throw new Error(code);
          await new Promise((go) => setTimeout(go));
        }
      }
    }
    ctx.routes([
      route({
        method: "post",
        path: "/begin",
        access: "owner",
        summary: "Begin",
        handle() {
          setTimeout(${how});
        },
      }),
      route({
        method: "get",
        path: "/sent",
        access: "owner",
        summary: "Say how many were sent",
        response: z.number(),
        handle: () => sent,
      }),
    ]);
  },
});
`;

/** The ids of the releases that an app hears of, which resumes where the panel has let it go for being slow. */
async function follow(visitor: Visitor): Promise<{ heard: Set<string>; close(): Promise<void> }> {
  const over = new AbortController();
  const heard = new Set<string>();
  let lastId: string | undefined;
  const open = async () => {
    const resume: Record<string, string> = lastId === undefined ? {} : { "last-event-id": lastId };
    const url = `${visitor.origin}/api/v1/events`;
    const { status, body } = await visitor.device.send(fetch, "GET", url, undefined, resume);
    assert.equal(status, 200);
    return body!.pipeThrough(new TextDecoderStream());
  };
  const read = async (stream: ReadableStream<string>) => {
    let rest = "";
    await stream.pipeTo(
      new WritableStream({
        write(text) {
          const blocks = (rest + text).split("\n\n");
          rest = blocks.pop()!;
          for (const block of blocks) {
            assert.doesNotMatch(block, /^event: reset$/m);
            lastId = /^id: (.*)$/m.exec(block)?.[1] ?? lastId;
            const data = /^event: access\.logged\ndata: (.*)$/m.exec(block)?.[1];
            if (data) heard.add(JSON.parse(data).requestId);
          }
        },
      }),
      { signal: over.signal },
    );
  };
  let stream = await open();
  const reading = (async () => {
    while (!over.signal.aborted) {
      try {
        await read(stream);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
      }
      if (!over.signal.aborted) stream = await open();
    }
  })();
  // Told to whoever closes it: by then the test may have failed for a reason of its own.
  reading.catch(() => {});
  return {
    heard,
    async close() {
      over.abort();
      await reading;
    },
  };
}

for (
  const [how, begin, least] of [
    ["through its context", "byContext", MESSAGES],
    ["straight into its pipe", "byPipe", READ],
  ] as const
) {
  Deno.test(
    `I-15: a plugin that floods a million messages ${how} makes the panel grow by 16 MiB at most, and no access event is lost`,
    inTempDir(async (data) => {
      install(data, { id: "flood", files: { "mod.ts": flood(begin) } });
      await using panel = new PanelProcess(["--port", "0", "--data", data]);
      const visitor = await Visitor.of(panel);
      await until(visitor, "flood", isRunning);
      const stream = await follow(visitor);
      const pids = [panel.child.pid!, childOf(panel.child.pid!, RUNTIME_FILE)];
      let released = 0;
      const release = async () => {
        const requestId = `during-${released++}`;
        const { status } = await visitor.api("POST", "/access-points/lock/release", { requestId });
        assert.equal(status, 200);
      };
      for (let i = 0; i < 300; i++) await release();
      const before = pids.map(memoryOf);
      await visitor.api("POST", "/plugins/flood/begin");
      const grown = [0, 0];
      for (let sent = 0; sent < least;) {
        for (let i = 0; i < 10; i++) await release();
        pids.forEach((pid, i) => grown[i] = Math.max(grown[i]!, memoryOf(pid) - before[i]!));
        sent = (await visitor.api<number>("GET", "/plugins/flood/sent")).body;
      }
      assert.ok(grown[1]! <= MOST_MB, `the runtime has grown by ${grown[1]} MiB`);
      // It carries each byte, so it makes more garbage.
      assert.ok(grown[0]! <= 2 * MOST_MB, `the supervisor has grown by ${grown[0]} MiB`);
      for (let i = 0; i < released; i++) assert.ok(stream.heard.has(`during-${i}`), `during-${i}`);
      await stream.close();
      panel.signalAll("SIGINT");
      assert.equal(await panel.end(), 0);
    }),
  );
}
