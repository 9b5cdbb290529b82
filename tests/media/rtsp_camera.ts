import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket as Datagrams } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import process from "node:process";
import { H264 } from "../../media/testing/pixels.ts";

const USER = "viewer";
const PASSWORD = "canary-7d41";

/** An RTSP camera as far as one is needed: asks for a password, sends H.264 in Full HD over the connection itself. */
export class RtspCamera implements AsyncDisposable {
  readonly url: string;
  /** Without the password. */
  readonly address: string;
  /** How many read it now. */
  readonly readers = new Set<Socket>();
  #sdp = "";
  readonly #server: Server;
  readonly #source: Datagrams;
  readonly #encoder: ChildProcess;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, source: Datagrams, encoder: ChildProcess) {
    this.#server = server;
    this.#source = source;
    this.#encoder = encoder;
    const { port } = server.address() as AddressInfo;
    this.url = `rtsp://${USER}:${PASSWORD}@127.0.0.1:${port}/main`;
    this.address = `127.0.0.1:${port}`;
    source.on("message", (packet) => {
      for (const reader of this.readers) reader.write(Buffer.concat([interleaved(0, packet.length), packet]));
    });
    server.on("connection", (socket) => this.#serve(socket));
  }

  static get password(): string {
    return PASSWORD;
  }

  static async start(): Promise<RtspCamera> {
    const source = createSocket("udp4");
    await new Promise<void>((done) => source.bind(0, "127.0.0.1", done));
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const input = ["-re", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=10"];
    const coding = [
      ...H264,
      "-g",
      "10",
      "-bf",
      "0",
      // Small enough that a busy machine loses no packet of a key frame on its way here.
      "-crf",
      "40",
    ];
    const out = [
      "-flags",
      "+global_header",
      "-f",
      "rtp",
      `rtp://127.0.0.1:${source.address().port}?pkt_size=1200`,
    ];
    const encoder = spawn("ffmpeg", ["-hide_banner", "-loglevel", "error", ...input, ...coding, ...out], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const camera = new RtspCamera(server, source, encoder);
    await new Promise<void>((done) =>
      encoder.stdout.setEncoding("utf8").on("data", (text) => {
        camera.#sdp += text;
        if (/sprop-parameter-sets=\S+/.test(camera.#sdp)) done();
      })
    );
    return camera;
  }

  /** It loses its power, or has it again. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    const gone = once(this.#encoder, "close");
    process.kill(this.#encoder.pid!, "SIGKILL");
    await gone;
    await new Promise<void>((done) => this.#source.close(() => done()));
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #serve(socket: Socket): void {
    let text = "";
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.readers.delete(socket);
    });
    socket.setEncoding("latin1").on("data", (part) => {
      text += part;
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const request = /[A-Z_]+ rtsp:[\s\S]*/.exec(text.slice(0, end))?.[0];
        text = text.slice(end + 4);
        if (request !== undefined) this.#answer(socket, request);
      }
    });
  }

  #answer(socket: Socket, request: string): void {
    const header = (name: string) => new RegExp(`^${name}: *(.*)$`, "im").exec(request)?.[1]?.trim();
    const say = (status: string, headers: string[] = [], body = "") =>
      socket.write([`RTSP/1.0 ${status}`, `CSeq: ${header("CSeq")}`, ...headers, "", body].join("\r\n"));
    const known = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    if (!request.startsWith("OPTIONS") && header("Authorization") !== known) {
      say("401 Unauthorized", ['WWW-Authenticate: Basic realm="camera"']);
    } else if (request.startsWith("DESCRIBE")) {
      const sdp = this.#sdp.slice(this.#sdp.indexOf("v=0")).replace(/^m=video \d+/m, "m=video 0").trimEnd() +
        "\r\na=control:track\r\n";
      say("200 OK", ["Content-Type: application/sdp", `Content-Length: ${sdp.length}`], sdp);
    } else if (request.startsWith("SETUP")) {
      say("200 OK", ["Session: 1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"]);
    } else if (request.startsWith("PLAY")) {
      say("200 OK", ["Session: 1"]);
      this.readers.add(socket);
    } else say("200 OK", ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"]);
  }
}

/** RFC 2326, 10.12. */
function interleaved(channel: number, length: number): Buffer {
  return Buffer.from([0x24, channel, length >> 8, length & 255]);
}
