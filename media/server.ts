import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { z } from "zod";
import { LatchkeyError } from "../core/errors.ts";
import { onLines, parseJson } from "../core/lines.ts";
import { errorText } from "../core/log.ts";
import type { Engine } from "./engine.ts";
import { type CommandArgs, type CommandName, commands, type MediaEvent, requestSchema } from "./protocol.ts";

/** A client that does not read what it asked for is dropped at this many bytes. */
const UNREAD_BYTES = 4 * 1024 * 1024;

export interface MediaServer {
  tell(event: MediaEvent): void;
  close(): Promise<void>;
}

/**
 * Serves an engine on a unix socket, to one runtime at a time: who listens takes over. What was set up goes with whoever
 * did it: nobody else could end it.
 */
export async function serveEngine(path: string, engine: Engine): Promise<MediaServer> {
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  /** The connection that hears events. */
  let listener: Socket | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      if (listener !== socket) return;
      listener = undefined;
      engine.forget();
    });
    onLines(socket, (text) => {
      const request = requestSchema.safeParse(parseJson(text)).data;
      if (!request) return void socket.destroy();
      if ("take" in request) return engine.outlets.take(request.take, socket);
      if ("do" in request) {
        return void (socket === listener ? answer(socket, engine, request) : socket.destroy());
      }
      engine.forget();
      listener?.destroy();
      listener = socket;
      send(socket, engine.state);
    });
  });
  await listen(server, path);
  return {
    tell(event) {
      if (listener) send(listener, event);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

interface Request {
  id: number;
  do: CommandName;
  args?: unknown;
}

async function answer(socket: Socket, engine: Engine, { id, do: name, args }: Request): Promise<void> {
  try {
    const given = commands[name].args.safeParse(args);
    if (!given.success) {
      throw new LatchkeyError("invalid-command", `Cannot run "${name}": ${z.prettifyError(given.error)}`);
    }
    send(socket, { id, ok: await engine.run(name, given.data as CommandArgs<typeof name>) });
  } catch (error) {
    const { code, status } = error instanceof LatchkeyError ? error : { code: "media-failed", status: 500 };
    send(socket, { id, error: { code, status, message: errorText(error).slice(0, 1_000) } });
  }
}

function send(socket: Socket, message: unknown): void {
  if (socket.destroyed) return;
  socket.write(JSON.stringify(message) + "\n");
  if (socket.writableLength > UNREAD_BYTES) socket.destroy();
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(path, done);
  });
}
