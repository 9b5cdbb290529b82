import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { systemClock } from "../../core/clock.ts";
import { SocketPort } from "./link.ts";
import { type BoardEvent, BoardModel } from "./model.ts";
import { serveBoard } from "./server.ts";

Deno.test.sanitizer({ ops: true, resources: true });

/** A port whose events and ups and downs can be waited for. */
function listening(path: string) {
  const port = new SocketPort(path, systemClock);
  const heard: (BoardEvent | boolean)[] = [];
  let wake = () => {};
  const hear = (what: BoardEvent | boolean) => {
    heard.push(what);
    wake();
  };
  const close = port.open({ event: hear, link: hear });
  const next = async () => {
    while (heard.length === 0) await new Promise<void>((done) => wake = done);
    return heard.shift();
  };
  return { port, close, next };
}

async function withDirectory(test: (path: string) => Promise<void>) {
  const directory = await Deno.makeTempDir();
  try {
    await test(`${directory}/sim.sock`);
  } finally {
    await rm(directory, { recursive: true });
  }
}

Deno.test("a command crosses the socket, its edges come back as events, a refusal keeps its code", () =>
  withDirectory(async (path) => {
    const server = await serveBoard(path, new BoardModel(systemClock), systemClock);
    const { port, close, next } = listening(path);
    assert.equal(await next(), true);
    assert.equal(await port.call("pulse", { output: "lock", ms: 5, cause: "test" }), true);
    assert.deepEqual(await next(), { event: "output", output: "lock", level: 1 });
    assert.deepEqual(await next(), { event: "output", output: "lock", level: 0 });
    assert.equal((await port.call("edges", {})).total, 2);
    await assert.rejects(port.call("pulse", { output: "door", ms: 5, cause: "test" }), {
      code: "unknown-output",
      status: 404,
    });
    await assert.rejects(port.call("pulse", { output: "lock", ms: 10_001, cause: "test" }), {
      code: "invalid-command",
    });
    close();
    await server.close();
  }));

Deno.test("several clients see one board; one that speaks nonsense loses its connection only", () =>
  withDirectory(async (path) => {
    const server = await serveBoard(path, new BoardModel(systemClock), systemClock);
    const one = listening(path);
    const two = listening(path);
    assert.deepEqual([await one.next(), await two.next()], [true, true]);
    for (const nonsense of ["{", "[]", '{"id":1,"do":"constructor","args":{}}', '{"id":-1}', "\0"]) {
      const raw = await Deno.connect({ transport: "unix", path });
      await raw.write(new TextEncoder().encode(nonsense + "\n"));
      for await (const _ of raw.readable); // until the board hangs up
    }
    await one.port.call("setInput", { input: "bell", active: true });
    assert.deepEqual(await two.next(), { event: "input", input: "bell", active: true });
    one.close();
    two.close();
    await server.close();
  }));

Deno.test("a lost link refuses at once, does nothing late and comes back by itself", () =>
  withDirectory(async (path) => {
    const { port, close, next } = listening(path);
    const pulse = () => port.call("pulse", { output: "lock", ms: 700, cause: "test" });
    await assert.rejects(pulse(), { code: "output-failed", status: 502 });

    const first = await serveBoard(path, new BoardModel(systemClock), systemClock);
    assert.equal(await next(), true);
    await first.close();
    assert.equal(await next(), false);
    await assert.rejects(pulse(), { code: "output-failed" });

    const board = new BoardModel(systemClock);
    const second = await serveBoard(path, board, systemClock);
    assert.equal(await next(), true);
    assert.equal(board.state().edges, 0);
    assert.equal(await pulse(), true);
    board.allOff("end of test");
    close();
    await assert.rejects(pulse(), { code: "output-failed" });
    await second.close();
  }));

Deno.test("two boards on one socket: the second is refused; a socket left by a dead one is taken over", () =>
  withDirectory(async (path) => {
    await Deno.writeTextFile(path, "");
    const server = await serveBoard(path, new BoardModel(systemClock), systemClock);
    await assert.rejects(serveBoard(path, new BoardModel(systemClock), systemClock), { code: "board-busy" });
    await server.close();
  }));
