import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SlotChange } from "../../drivers/sim/keys.ts";
import { findFfmpeg } from "../../media/testing/tools.ts";
import { RecorderPanel } from "../../plugins/recorder/testing/recorder_panel.ts";
import { ANNA } from "../harness/panel.ts";

const HOUR_MS = 3_600_000;
const ROUND_MS = 10_000;
const BACK_MS = 10_000;
/** What moves is seen this often. */
const STEP_MS = 2_000;

interface Trouble {
  name: string;
  change: SlotChange;
  mended: SlotChange;
  /** What the recorder says of the card meanwhile. */
  state: string;
}

const TROUBLES: Trouble[] = [
  { name: "full", change: { taken: 32_000_000_000 }, mended: { taken: 0 }, state: "full" },
  { name: "removed", change: { card: null }, mended: { card: "card-1" }, state: "absent" },
  {
    name: "read-only",
    change: { writeProtected: true },
    mended: { writeProtected: false },
    state: "read-only",
  },
  { name: "failing", change: { wornOut: true }, mended: { wornOut: false }, state: "error" },
  { name: "slow", change: { slow: true }, mended: { slow: false }, state: "normal" },
];

/** Somebody walks to and fro before a panel, and somebody opens its door every ten seconds, each time by another way. */
class Evening {
  readonly #bench: RecorderPanel;
  readonly #begun = new WeakSet<object>();
  #opened = 0;

  constructor(bench: RecorderPanel) {
    this.#bench = bench;
  }

  /** Time goes by. What moves is seen; what is being recorded gets a second of the camera in two. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.#film();
      await this.#bench.panel.advance(Math.min(left, STEP_MS));
    }
  }

  #film(): void {
    const { media } = this.#bench.panel;
    media.tell({ event: "detected", camera: "camera", what: "motion" });
    for (const recording of media.recordings) {
      if (!this.#begun.has(recording)) recording.write(this.#bench.parts[0]!);
      this.#begun.add(recording);
      recording.write(this.#bench.parts[1]!);
    }
  }

  /** It comes to that within so much time. The card's files are real: time goes on only when they had theirs. */
  async within(ms: number, holds: () => Promise<boolean>): Promise<void> {
    const { clock } = this.#bench.panel;
    for (const begun = clock.monotonic();;) {
      for (let looks = 0; looks < 50; looks++) {
        if (await holds()) return;
        await new Promise((done) => setTimeout(done, 5));
      }
      assert.ok(clock.monotonic() - begun < ms, `It did not come to that within ${ms} ms`);
      await this.pass(500);
    }
  }

  /** The door opens, once. */
  async open(): Promise<void> {
    const { panel } = this.#bench;
    const { total } = panel.board.edges(undefined, 1);
    const asked = panel.clock.monotonic();
    const way = this.#opened++ % 3;
    if (way === 0) {
      const { status, body } = await panel.release("lock");
      assert.deepEqual([status, body.outcome], [200, "released"]);
      assert.equal(panel.clock.monotonic(), asked, "no time passes for it");
    } else if (way === 1) await panel.press("exit-button");
    else await panel.swipe(ANNA);
    const pulses = panel.board.edges(total, 1_000).edges.filter(({ line, level }) =>
      line === "lock" && level > 0
    );
    assert.equal(pulses.length, 1, `release ${this.#opened}`);
    await this.pass(ROUND_MS - (panel.clock.monotonic() - asked));
  }

  /** None failed, and there was none that nobody knows of. */
  async check(): Promise<void> {
    const { panel } = this.#bench;
    assert.deepEqual(await panel.accessLog("release-failed"), []);
    const rows = await panel.accessLog("release");
    assert.deepEqual(rows.map(({ outcome }) => outcome), rows.map(() => "released"));
    assert.equal(rows.length, this.#opened);
  }
}

for (const { name, change, mended, state } of TROUBLES) {
  Deno.test({
    name:
      `I-19: a card that is ${name} for an hour: no release fails, and it is recorded on within 10 s of its return`,
    ignore: findFfmpeg() === undefined,
    async fn() {
      await using bench = await RecorderPanel.start({ onBadge: false });
      const { panel } = bench;
      await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"] });
      await bench.lookOut();
      const folder = join(panel.data, "cards", "card-1");
      const sizeOf = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
      const written = () =>
        readdirSync(folder).filter((name) => /_motion_.*(mp4|part)$/.test(name))
          .reduce((sum, name) => sum + sizeOf(name), 0);
      /** Since then the card has got more than what was before. */
      const isRecorded = async (before: number) => {
        const { card, recording } = await bench.state();
        const isWritten = written() >= before + bench.parts[1]!.length;
        return card.state === "normal" && recording.includes("motion") && isWritten;
      };
      const evening = new Evening(bench);
      await evening.within(BACK_MS, () => isRecorded(0));

      await bench.slot(change);
      await evening.within(BACK_MS, async () => (await bench.state()).card.state === state);
      for (let passed = 0; passed < HOUR_MS; passed += ROUND_MS) {
        await evening.open();
        const { card, recording } = await bench.state();
        assert.deepEqual([card.state, recording], [state, ["motion"]], `after ${passed} ms`);
        if (state !== "normal") {
          assert.equal(panel.media.recordings.size, 0, "nothing is asked of the camera");
        }
      }

      const before = written();
      await bench.slot(mended);
      await evening.within(BACK_MS, () => isRecorded(before));
      await evening.open();
      await evening.check();
    },
  });
}
