import { rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type Clock, errorText, LatchkeyError, repeat } from "../../core/mod.ts";
import { onLines, parseJson } from "../../core/lines.ts";
import type { BoardModel } from "./model.ts";
import { requestSchema, runCommand } from "./protocol.ts";

/** A client that does not read what it asked for is dropped at this many bytes. */
const UNREAD_BYTES = 4 * 1024 * 1024;
const BEAT_MS = 100;
/** After standing still for longer than this the board drops what was asked meanwhile: a late pulse is a wrong pulse. */
const STALL_MS = 1_000;

/**
 * Serves a board on a unix socket, to any number of clients.
 * @throws {LatchkeyError} `board-busy` where another board answers there
 */
export async function serveBoard(
  path: string,
  board: BoardModel,
  clock: Clock,
): Promise<{ close(): Promise<void> }> {
  if (await answers(path)) {
    throw new LatchkeyError("board-busy", `Another panel is running on this data directory (${path})`);
  }
  rmSync(path, { force: true });

  const clients = new Set<Socket>();
  let beat = clock.monotonic();
  const dropStale = () => {
    const stalled = clock.monotonic() - beat >= STALL_MS;
    beat = clock.monotonic();
    if (stalled) { for (const client of clients) client.destroy(); }
  };
  const stopBeat = repeat(clock, BEAT_MS, dropStale);
  const server = createServer((socket) => {
    clients.add(socket);
    const unlisten = board.listen((event) => send(socket, event));
    socket.on("error", () => {});
    socket.on("close", () => {
      unlisten();
      clients.delete(socket);
    });
    send(socket, { event: "ready" });
    onLines(socket, (text) => {
      dropStale();
      if (!socket.destroyed) answer(socket, board, text);
    });
  });
  await listen(server, path);
  return {
    async close() {
      stopBeat();
      for (const client of clients) client.end();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function answer(socket: Socket, board: BoardModel, text: string): void {
  const request = requestSchema.safeParse(parseJson(text));
  if (!request.success) return void socket.destroy();
  const { id, do: name, args } = request.data;
  try {
    send(socket, { id, ok: runCommand(board, name, args) });
  } catch (error) {
    const { code, status } = error instanceof LatchkeyError ? error : { code: "board-failed", status: 500 };
    send(socket, { id, error: { code, status, message: errorText(error) } });
  }
}

function send(socket: Socket, message: unknown): void {
  if (socket.destroyed) return;
  socket.write(JSON.stringify(message) + "\n");
  if (socket.writableLength > UNREAD_BYTES) socket.destroy();
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.on("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.on("error", () => done(false));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(path, done);
  });
}
