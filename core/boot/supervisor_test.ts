import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { Supervisor } from "./supervisor.ts";
import { FakeProgram } from "./testing/fake_program.ts";

interface Given {
  argv?: string[];
  env?: Record<string, string>;
  explains?: boolean;
  mediaFile?: string;
}

class Bench {
  readonly clock = new VirtualClock();
  readonly boards: FakeProgram[] = [];
  readonly runtimes: FakeProgram[] = [];
  readonly medias: FakeProgram[] = [];
  readonly said: string[] = [];
  readonly links: Duplex[] = [];
  readonly supervisor: Supervisor;
  readonly status: Promise<number>;

  constructor({ argv = [], env = {}, explains = false, mediaFile }: Given = {}) {
    this.supervisor = new Supervisor({
      argv,
      env,
      outline: {
        data: "/d",
        host: "::1",
        port: 1,
        config: "/d/panel.yaml",
        certificate: [],
        hasConfig: false,
        explains,
        given: () => undefined,
      },
      root: "/root",
      boardFile: "board.ts",
      ...(mediaFile === undefined ? {} : { mediaFile }),
      clock: this.clock,
      start: (options) => {
        const program = new FakeProgram(options);
        const lists: Record<string, FakeProgram[]> = {
          "/root/board.ts": this.boards,
          "/root/media.ts": this.medias,
        };
        (lists[options.file] ?? this.runtimes).push(program);
        return program;
      },
      servePlugins: (link) => void this.links.push(link),
      say: (line) => void this.said.push(line),
    });
    this.status = this.supervisor.run();
  }

  get board(): FakeProgram {
    return this.boards.at(-1)!;
  }

  get runtime(): FakeProgram {
    return this.runtimes.at(-1)!;
  }

  /** Both run. */
  static async running(given: Given = {}): Promise<Bench> {
    const bench = new Bench(given);
    bench.board.say();
    await bench.clock.advance(0);
    assert.equal(bench.runtimes.length, 1);
    return bench;
  }
}

Deno.test("the runtime starts when the board answers, and never where another panel has the directory", async () => {
  const bench = new Bench();
  await bench.clock.advance(5_000);
  assert.deepEqual(bench.board.options?.args, ["/d/sim.sock"]);
  assert.equal(bench.runtimes.length, 0);
  bench.board.die(2);
  assert.equal(await bench.status, 2);
  assert.equal(bench.runtimes.length, 0);
});

Deno.test("the runtime gets the arguments and PANEL_ variables, and no others", async () => {
  const env = { PANEL_PORT: "81", HOME: "/root", PANELS: "3" };
  const bench = await Bench.running({ env, argv: ["--", "--reclaim", "--name", "Door"] });
  const variables = ["--supervised", "--from-env", "PANEL_PORT=81"];
  assert.deepEqual(bench.runtime.options?.args, [...variables, "--reclaim", "--name", "Door"]);
  bench.runtime.die(1);
  await bench.clock.advance(250);
  assert.deepEqual(bench.runtime.options?.args, [...variables, "--name", "Door"], "a new link is made once");
  assert.match(bench.said.join(), /The runtime has ended unexpectedly \(1\) and starts again in 250 ms/);
});

Deno.test("a board that dies starts again and the runtime runs on", async () => {
  const bench = await Bench.running();
  bench.board.die(1);
  await bench.clock.advance(250);
  assert.deepEqual([bench.boards.length, bench.runtimes.length], [2, 1]);
  assert.equal(bench.runtime.asked, 0);
});

Deno.test("a runtime that refuses its settings ends the board and gives its exit status", async () => {
  const bench = await Bench.running();
  bench.runtime.die(2);
  await bench.clock.advance(0);
  assert.equal(bench.board.asked, 1);
  bench.board.die(0);
  assert.equal(await bench.status, 2);
});

Deno.test("Ctrl-C stops the runtime, then the board, however often it is passed on", async () => {
  const bench = await Bench.running();
  bench.supervisor.interrupt();
  bench.supervisor.interrupt();
  await bench.clock.advance(299);
  bench.supervisor.interrupt();
  await bench.clock.advance(1_000);
  assert.deepEqual([bench.runtime.asked, bench.runtime.killed, bench.board.asked], [1, false, 0]);
  bench.runtime.die(0);
  await bench.clock.advance(0);
  assert.equal(bench.board.asked, 1);
  bench.board.die(0);
  assert.equal(await bench.status, 0);
  assert.deepEqual([bench.runtimes.length, bench.boards.length], [1, 1]);
});

Deno.test("a second Ctrl-C ends the runtime at once; the board is not killed but loses its power", async () => {
  const bench = await Bench.running();
  bench.supervisor.interrupt();
  await bench.clock.advance(2_000);
  assert.match(bench.said.at(-1) ?? "", /^Still stopping; Ctrl-C again/);
  bench.supervisor.interrupt();
  assert.deepEqual([bench.runtime.killed, bench.board.killed, bench.board.asked], [true, false, 1]);
  bench.board.die(0);
  assert.equal(await bench.status, 1);
});

Deno.test("a runtime that hangs while it stops is killed after 20 s", async () => {
  const bench = await Bench.running();
  bench.supervisor.interrupt();
  await bench.clock.advance(19_999);
  assert.equal(bench.runtime.killed, false);
  await bench.clock.advance(1);
  assert.equal(bench.runtime.killed, true);
  bench.board.die(0);
  assert.equal(await bench.status, 1);
});

Deno.test("Ctrl-C before the board answers starts no runtime", async () => {
  const bench = new Bench();
  bench.supervisor.interrupt();
  assert.equal(bench.board.asked, 1);
  bench.board.die(0);
  assert.equal(await bench.status, 0);
  assert.equal(bench.runtimes.length, 0);
});

Deno.test("to explain itself it starts no board", async () => {
  const bench = new Bench({ argv: ["--help"], explains: true });
  assert.equal(bench.boards.length, 0);
  bench.runtime.die(0);
  assert.equal(await bench.status, 0);
});

Deno.test("each runtime has a link of its own to have plugins started by, which ends with it; the board has none", async () => {
  const bench = await Bench.running();
  assert.deepEqual(bench.links, [bench.runtime.link]);
  assert.equal(bench.board.link, undefined);
  bench.runtime.die(1);
  await bench.clock.advance(250);
  assert.equal(bench.links[0]!.destroyed, true);
  assert.deepEqual(bench.links.slice(1), [bench.runtime.link]);
  assert.equal(bench.runtime.link!.destroyed, false);
});

Deno.test("the media process starts after the runtime, knows nothing of the environment, and is not there unless wanted", async () => {
  const bench = await Bench.running({
    mediaFile: "media.ts",
    env: { PATH: "/bin", PANEL_PORT: "81", SECRET: "s" },
  });
  assert.equal(bench.medias.length, 0);
  await bench.clock.advance(1_000);
  assert.deepEqual(bench.medias[0]?.options?.args, ["/d/cam.sock"]);
  assert.deepEqual(bench.medias[0]?.options?.env, { PATH: "/bin" });
  const without = await Bench.running();
  await without.clock.advance(60_000);
  assert.equal(without.medias.length, 0);
});

Deno.test("a media process that dies starts again, after pauses that grow, and neither runtime nor board notice", async () => {
  const bench = await Bench.running({ mediaFile: "media.ts" });
  await bench.clock.advance(1_000);
  for (const pause of [250, 500, 1_000]) {
    bench.medias.at(-1)!.die(137);
    const before = bench.medias.length;
    await bench.clock.advance(pause - 1);
    assert.equal(bench.medias.length, before);
    await bench.clock.advance(1);
    assert.equal(bench.medias.length, before + 1);
  }
  assert.match(bench.said.at(-1) ?? "", /^The media process has ended unexpectedly \(137\).* in 1000 ms$/);
  assert.deepEqual([bench.runtimes.length, bench.boards.length], [1, 1]);
  assert.deepEqual([bench.runtime.asked, bench.board.asked], [0, 0]);
});

Deno.test("the media process ends after the runtime and before the board", async () => {
  const bench = await Bench.running({ mediaFile: "media.ts" });
  await bench.clock.advance(1_000);
  const [media] = bench.medias;
  bench.supervisor.interrupt();
  assert.deepEqual([bench.runtime.asked, media!.asked, bench.board.asked], [1, 0, 0]);
  bench.runtime.die(0);
  await bench.clock.advance(0);
  assert.deepEqual([media!.asked, bench.board.asked], [1, 0]);
  media!.die(0);
  await bench.clock.advance(0);
  assert.equal(bench.board.asked, 1);
  bench.board.die(0);
  assert.equal(await bench.status, 0);
});

Deno.test("a media process that does not end is killed with the rest after 20 s", async () => {
  const bench = await Bench.running({ mediaFile: "media.ts" });
  await bench.clock.advance(1_000);
  bench.supervisor.interrupt();
  bench.runtime.die(0);
  await bench.clock.advance(20_000);
  assert.equal(bench.medias[0]!.killed, true);
  bench.board.die(0);
  assert.equal(await bench.status, 0);
});
