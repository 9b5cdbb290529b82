import assert from "node:assert/strict";
import process from "node:process";
import { RUNTIME_FILE, socketPath } from "../../core/boot/permissions.ts";
import { systemClock } from "../../core/clock.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import type { LogRow, ReleaseAnswer } from "../../core/mod.ts";
import type { Edge } from "../../drivers/sim/keys.ts";
import { SocketPort } from "../../drivers/sim/link.ts";
import type { Enrolment } from "../../plugins/rfid/keys.ts";
import { childOf, PanelProcess, Visitor } from "../boot/panel_process.ts";

const PULSE_MS = 700;
const MARGIN_MS = 100;
const LONGEST_WAIT_MS = 20_000;
const BETWEEN_LOOKS_MS = 10;
const SIMULATOR = "/plugins/simulator";
const ENROLMENTS = "/plugins/rfid/enrolments";
const BADGE = "red";

/** The panel as `deno task start` starts it, and a wire of the test's own to its board. */
class RealPanel implements AsyncDisposable {
  readonly panel: PanelProcess;
  readonly board: SocketPort;
  visitor: Visitor;
  readonly #close: () => void;

  private constructor(panel: PanelProcess, visitor: Visitor, board: SocketPort) {
    this.panel = panel;
    this.visitor = visitor;
    this.board = board;
    this.#close = board.open({ event: () => {}, link: () => {} });
  }

  static async start(data: string): Promise<RealPanel> {
    const panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    return new RealPanel(panel, visitor, new SocketPort(socketPath(data), systemClock));
  }

  signal(name: NodeJS.Signals): void {
    process.kill(childOf(this.panel.child.pid!, RUNTIME_FILE), name);
  }

  /** SIGKILL of the runtime; resolved when its successor answers. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.panel.says(/The runtime has ended unexpectedly/);
    this.visitor = await Visitor.of(this.panel, this.visitor.device);
  }

  release(requestId: string) {
    return this.visitor.api<ReleaseAnswer>("POST", "/access-points/lock/release", { requestId });
  }

  async present(): Promise<void> {
    await this.visitor.api("POST", `${SIMULATOR}/readers/reader/present`, { badge: BADGE });
  }

  async remove(): Promise<void> {
    await this.visitor.api("POST", `${SIMULATOR}/readers/reader/remove`);
  }

  /** Adds the badge by the wizard and leaves it at the reader. */
  async enrol(): Promise<string> {
    const terms = { accessPoints: ["lock", "gate"] };
    await this.visitor.api("POST", ENROLMENTS, { holderName: "Anna", terms });
    await this.present();
    return await soon("the badge is added", async () => {
      const { body } = await this.visitor.api<Enrolment>("GET", `${ENROLMENTS}/current`);
      return body.credentialId ?? undefined;
    });
  }

  /** The edges of LOCK, once there are so many. */
  edges(count: number): Promise<Edge[]> {
    return soon(`there are ${count} edges`, async () => {
      const page = await this.board.call("edges", { since: 0, limit: 10_000 });
      const edges = page.edges.filter(({ line }) => line === "lock");
      return edges.length >= count ? edges : undefined;
    });
  }

  /** The newest decision, once there is one after row `seq`. */
  rowAfter(seq: number): Promise<LogRow> {
    return soon(`a row comes after row ${seq}`, async () => {
      const { body } = await this.visitor.api<LogRow[]>("GET", "/access-log?kind=release&limit=1");
      return body[0] && body[0].seq > seq ? body[0] : undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.panel[Symbol.asyncDispose]();
  }
}

/** What `look` finds, as soon as it does. */
async function soon<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const start = performance.now(); performance.now() - start < LONGEST_WAIT_MS;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise<void>((done) => systemClock.after(BETWEEN_LOOKS_MS, done));
  }
  throw new Error(`Nothing for ${LONGEST_WAIT_MS} ms: ${what}`);
}

const onPanel = (run: (panel: RealPanel) => Promise<void>) =>
  inTempDir(async (data) => {
    await using panel = await RealPanel.start(data);
    await run(panel);
  });

function endsInTime([on, off]: Edge[]): void {
  assert.deepEqual([on!.level, off!.level, off!.cause], [1, 0, "pulse ended"]);
  const ms = off!.at - on!.at;
  assert.ok(ms <= PULSE_MS + MARGIN_MS, `the output was on for ${ms} ms`);
}

Deno.test(
  "I-5: a real panel's pulse ends in time, whether its runtime stands still or is killed",
  onPanel(async (panel) => {
    await panel.release("stopped");
    panel.signal("SIGSTOP");
    endsInTime(await panel.edges(2));
    panel.signal("SIGCONT");
    await panel.release("killed");
    await panel.kill();
    endsInTime((await panel.edges(4)).slice(2));
  }),
);

Deno.test(
  "I-6: one request id sent 100 times at once to a real panel, and again after it was killed: one pulse, one row",
  onPanel(async (panel) => {
    // Connections beyond the panel's limit are cut: whoever got no answer asks again.
    const insist = () => soon("an answer", async () => (await panel.release("evening-1")).body);
    const hundred = () => Promise.all(Array.from({ length: 100 }, insist));
    const first = await hundred();
    await panel.kill();
    const answers = [...first, ...await hundred()];
    assert.deepEqual(new Set(answers.map(({ outcome }) => outcome)), new Set(["released"]));
    assert.equal(answers.filter(({ repeated }) => !repeated).length, 1);
    assert.deepEqual((await panel.edges(2)).map(({ cause }) => cause), ["evening-1", "pulse ended"]);
    const { body } = await panel.visitor.api<LogRow[]>("GET", "/access-log?kind=release");
    assert.deepEqual(body.map(({ requestId, outcome }) => [requestId, outcome]), [["evening-1", "released"]]);
  }),
);

Deno.test(
  "I-10: a real panel denies a deleted card within 1 s, and after a kill -9 right after it had said so",
  onPanel(async (panel) => {
    const first = await panel.enrol();
    await panel.kill();
    await panel.present();
    await panel.remove();
    const granted = await panel.rowAfter(0);
    assert.deepEqual([granted.reason, granted.accessPoint], ["granted", "lock"]);

    await panel.kill();
    await panel.present();
    const deleted = await panel.visitor.api("DELETE", `/cards/${first}`);
    const acknowledged = performance.now();
    await panel.remove();
    const denied = await panel.rowAfter(granted.seq);
    const ms = performance.now() - acknowledged;
    assert.deepEqual([deleted.status, denied.reason], [204, "unknown-credential"]);
    assert.ok(ms < 1_000, `denied after ${ms} ms`);

    const second = await panel.enrol();
    await panel.remove();
    assert.equal((await panel.visitor.api("DELETE", `/cards/${second}`)).status, 204);
    await panel.kill();
    await panel.present();
    assert.equal((await panel.rowAfter(denied.seq)).reason, "unknown-credential");
    assert.equal((await panel.edges(2)).length, 2, "one pulse, of the badge that was valid");
  }),
);
