import assert from "node:assert/strict";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { FakeMediaPort, mediaLink } from "../../media/testing/fake_port.ts";
import { provideAll } from "../testing/bench.ts";
import { providePanel } from "../testing/panel.ts";
import intercom from "./mod.ts";
import { settingsSchema, specOf } from "./settings.ts";
import { IntercomPanel } from "./testing/intercom_panel.ts";

Deno.test("start, stop and start of intercom leaves nothing behind", async () => {
  await checkLifecycle({
    plugin: intercom,
    config: { loudspeaker: "default" },
    services(core, clock) {
      provideAll(core, clock);
      providePanel(core);
      return mediaLink(new FakeMediaPort()).setup(core);
    },
  });
});

Deno.test("on the simulated board loudspeaker and microphone are simulated unless the settings name others", async () => {
  await using simulated = await IntercomPanel.start();
  assert.deepEqual(simulated.media.sound, {
    loudspeaker: { kind: "simulated" },
    microphone: { kind: "simulated" },
    volume: 80,
    halfDuplex: false,
  });
  await using named = await IntercomPanel.start({
    loudspeaker: "plughw:0,0",
    microphone: "none",
    volume: 30,
    duplex: "half",
  });
  assert.deepEqual(named.media.sound, {
    loudspeaker: { kind: "alsa", device: "plughw:0,0" },
    microphone: null,
    volume: 30,
    halfDuplex: true,
  });
  assert.equal((await named.state()).duplex, "half");
});

Deno.test("a plugin that stops takes loudspeaker and microphone away", async () => {
  await using bench = await IntercomPanel.start();
  assert.equal(
    (await bench.panel.api("PUT", "/settings/intercom", { loudspeaker: "none", microphone: "none" })).status,
    200,
  );
  await bench.panel.advance(0);
  assert.equal(bench.media.sound, null);
});

Deno.test("elsewhere there is none unless the settings name one", () => {
  const spec = specOf(settingsSchema.parse({}), { simulated: false, volume: 80 });
  assert.deepEqual([spec.loudspeaker, spec.microphone], [null, null]);
});

Deno.test("without a loudspeaker there is no part, and who wants to speak is told", async () => {
  await using bench = await IntercomPanel.start({ loudspeaker: "none" });
  assert.equal(await bench.state(), undefined);
  assert.deepEqual(bench.media.sound?.loudspeaker, null);
  const refused = await bench.talk();
  assert.deepEqual([refused.status, (await refused.json()).code], [404, "sound-none"]);
});

Deno.test("a device that is none of ALSA's is refused at the start: it becomes part of a command line", () => {
  for (const device of ["", "a b", "-version", "file:/etc/passwd", "x;y", "x".repeat(81)]) {
    const read = settingsSchema.safeParse({ loudspeaker: device });
    assert.equal(read.success, false, device);
  }
});

Deno.test("B-CALL-4: another volume is in force at once, kept over restarts, until the settings say something else", async () => {
  await using bench = await IntercomPanel.start();
  const set = (volume: unknown) => bench.panel.post("/parts/intercom/commands/volume", { volume });
  assert.equal((await set(101)).status, 400);
  assert.equal((await set(25)).status, 204);
  assert.deepEqual([bench.media.sound?.volume, (await bench.state()).volume], [25, 25]);
  await bench.panel.restart();
  await bench.panel.advance(0);
  assert.deepEqual([bench.media.sound?.volume, (await bench.state()).volume], [25, 25]);
});

Deno.test("what keeps the panel from being heard is told of its part", async () => {
  await using bench = await IntercomPanel.start();
  bench.media.tell({ event: "sound", fault: "the loudspeaker: no such device" });
  await bench.panel.advance(0);
  assert.equal((await bench.state()).fault, "the loudspeaker: no such device");
});
