import assert from "node:assert/strict";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { FakeTool } from "../testing/fake_tool.ts";
import { given } from "../testing/given.ts";
import { AlsaLoudspeaker } from "./loudspeaker.ts";

const PACKET = Uint8Array.of(0xf8, 1, 2);

class Bench {
  readonly clock = new VirtualClock();
  tool!: FakeTool;
  readonly loudspeaker = new AlsaLoudspeaker({
    device: "hw:0,0",
    volume: 80,
    clock: this.clock,
    start: (command, takesInput) => this.tool = new FakeTool(command, takesInput),
    fault: () => {},
  });

  say(packets: number): void {
    for (let i = 0; i < packets; i++) this.loudspeaker.packet(PACKET);
  }

  /** Its program says that the device is open. */
  async opened(): Promise<void> {
    this.tool.output.write("progress=continue\n");
    await this.clock.advance(0);
  }
}

Deno.test("what comes before the device is open, or faster than it is heard, is left out: it would make all late that follows", async () => {
  const bench = new Bench();
  bench.loudspeaker.open();
  const heard = given(bench.tool);
  bench.say(50);
  await bench.opened();
  assert.equal(heard().length, 0);
  bench.say(50);
  await bench.clock.advance(0);
  const ahead = heard().length;
  assert.ok(ahead >= 10 && ahead <= 12, `${ahead} packets of 20 ms`);
  await bench.clock.advance(1_000);
  for (let i = 0; i < 500; i++) {
    bench.say(1);
    await bench.clock.advance(20);
  }
  assert.equal(heard().length, ahead + 500, "in time, all is heard");
  bench.loudspeaker.end();
});

Deno.test("it is told that the loudspeaker is open, and told so after a moment where it does not open", async () => {
  const bench = new Bench();
  const told: string[] = [];
  bench.loudspeaker.open();
  bench.loudspeaker.whenOpen(() => told.push("first"));
  bench.loudspeaker.whenOpen(() => told.push("never"))();
  await bench.clock.advance(100);
  assert.equal(told.length, 0);
  await bench.opened();
  bench.loudspeaker.whenOpen(() => told.push("second"));
  assert.deepEqual(told, ["first", "second"]);
  bench.loudspeaker.end();
  bench.loudspeaker.whenOpen(() => told.push("third"));
  await bench.clock.advance(2_900);
  assert.equal(told.length, 2);
  await bench.clock.advance(200);
  assert.deepEqual([told.at(-1), bench.clock.pending], ["third", 0]);
});

Deno.test("a card is asked through what converts for it", () => {
  const bench = new Bench();
  bench.loudspeaker.open();
  assert.deepEqual(bench.tool.command.args.slice(-2), ["alsa", "plughw:0,0"]);
  bench.loudspeaker.end();
});
