import { Agent as PlainAgent, type IncomingMessage, request as plainRequest } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { text } from "node:stream/consumers";
import { type RunningServer, startServer } from "../core/http/server.ts";
import { createLog } from "../core/log.ts";
import { randomId, systemRandom } from "../core/random.ts";
import { QUIET_MS } from "../core/store/tidy.ts";
import { openAuthority } from "../core/tls/authority.ts";
import { type BenchPanel, startPanel, temporaryDir } from "./panel.ts";
import { percentile, ratio, type Row, type Table } from "./table.ts";

const RELEASES = 400;
const WARM_UPS = 2;
const HOST = "127.0.0.1";
const PATH = "/api/v1/access-points/lock/release";
const SCOPES = ["release:lock"];

/** How the panel is asked to open, over a connection that is kept. */
interface Way {
  name: string;
  server: RunningServer;
  /** The authority to trust; undefined: plain HTTP. */
  root?: string;
  /** What says who asks. */
  credential(url: string): Record<string, string>;
}

/** What TLS and signed requests add to a release over the API, from a client's side on the same machine. */
export async function secured(repeats: number): Promise<Table[]> {
  using dir = temporaryDir();
  const data = `${dir.path}/panel`;
  await using panel = await startPanel(data, { bearerTokens: true });
  const ways = await waysTo(panel, data);
  const rows = ways.map(({ name }): Row => ({ name, figures: [] }));
  const asks = ways.map(asking);
  for (let run = -WARM_UPS; run < repeats; run++) {
    const samples: number[][] = ways.map(() => []);
    for (let time = 0; time < RELEASES; time++) {
      for (let turn = 0; turn < ways.length; turn++) {
        const index = (time + turn) % ways.length;
        samples[index]!.push(await asks[index]!.open());
        panel.board.allOff("next");
        await new Promise((done) => setTimeout(done));
      }
    }
    await new Promise((done) => setTimeout(done, QUIET_MS + 500));
    if (run < 0) continue;
    for (const [index, own] of samples.entries()) rows[index]!.figures.push(percentile(own, 50) * 1_000);
  }
  for (const { end } of asks) end();
  await Promise.all([...new Set(ways.map(({ server }) => server))].map((server) => server.close()));
  const checks = rows.slice(1).map((row) => ratio(`${row.name}, to plain`, row, rows[0]!, 2));
  return [{ title: "Release over the API, p50", unit: "µs until it is answered", rows, checks }];
}

async function waysTo(panel: BenchPanel, data: string): Promise<Way[]> {
  const log = createLog({ level: "error", now: () => 0, sink: () => {} });
  const authority = await openAuthority({
    dataDir: data,
    name: "Bench",
    names: [HOST],
    random: systemRandom,
    log,
  });
  const pair = await authority.pair({ now: Date.now(), trusted: true }, [HOST]);
  const at = { host: HOST, port: 0, log };
  // A token without a key is refused in clear: for the plain way the panel is told that it came over TLS.
  const pretending = (request: Request) =>
    panel.fetch(new Request(request.url.replace("http:", "https:"), request));
  const clear = await startServer({ ...at, fetch: pretending });
  const secure = await startServer({ ...at, fetch: panel.fetch, tls: pair });
  const bearer = { authorization: `Bearer ${await serviceToken(panel)}` };
  const { device } = panel;
  const root = authority.root!;
  return [
    { name: "plain HTTP, a token", server: clear, credential: () => bearer },
    { name: "TLS, a token", server: secure, root, credential: () => bearer },
    { name: "TLS, a signed request", server: secure, root, credential: (url) => device.headers("POST", url) },
  ];
}

async function serviceToken({ device, fetch }: BenchPanel): Promise<string> {
  const body = { name: "Bench", role: "service", scopes: SCOPES };
  const response = await device.send(fetch, "POST", `http://${HOST}/api/v1/members/bearer`, body);
  const answer = await response.json();
  if (response.status !== 201) throw new Error(`No token: ${JSON.stringify(answer)}`);
  return answer.token;
}

/** `open` gives how long it took, ms. What the client signs it signs before: that is the phone's processor at work. */
function asking({ server, root, credential }: Way): { open(): Promise<number>; end(): void } {
  const options = { keepAlive: true, maxSockets: 1 };
  const agent = root === undefined ? new PlainAgent(options) : new SecureAgent({ ...options, ca: root });
  const url = `${root === undefined ? "http" : "https"}://${HOST}:${server.port}${PATH}`;
  const send = root === undefined ? plainRequest : secureRequest;
  let sockets = 0;
  return {
    async open() {
      const headers = { "content-type": "application/json", ...credential(url) };
      const body = JSON.stringify({ requestId: randomId(systemRandom) });
      const begun = performance.now();
      const response = await new Promise<IncomingMessage>((heard, failed) => {
        const request = send(url, { method: "POST", agent, headers }, heard);
        request.once("error", failed);
        request.once("socket", () => {
          if (!request.reusedSocket && ++sockets > 1) failed(new Error("The connection was not reused"));
        });
        request.end(body);
      });
      const answer = JSON.parse(await text(response));
      const took = performance.now() - begun;
      if (answer.outcome !== "released") throw new Error(`A release was answered ${JSON.stringify(answer)}`);
      return took;
    },
    end: () => agent.destroy(),
  };
}
