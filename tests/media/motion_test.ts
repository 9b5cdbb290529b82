import assert from "node:assert/strict";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import type { MediaEvent } from "../../media/protocol.ts";
import { cameraSpec } from "../../media/testing/specs.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { MediaProcess } from "./media_process.ts";

const FRONT = { camera: "front", definition: "hd" } as const;
/** The simulated visitor walks up and down in the middle; in the sky nothing moves. */
const PATH = { x: 200, y: 400, width: 600, height: 500 };
const SKY = { x: 550, y: 0, width: 400, height: 350 };

const detected = ({ event }: MediaEvent) => event === "detected";

Deno.test({
  name:
    "B-LIVE-5: the media process sees who walks in a zone, and nothing where nothing moves or a privacy area is",
  ignore: findFfmpeg() === undefined,
  fn: inTempDir(async (data) => {
    await using media = new MediaProcess(data);
    await media.link(true);
    const watch = async (zones: typeof PATH[], privacyAreas: typeof PATH[] = []) => {
      await media.port.call("configure", { cameras: [cameraSpec({ privacyAreas })], address: null });
      await media.port.call("detect", { ...FRONT, watch: { zones, sensitivity: 60 } });
    };
    await watch([PATH]);
    await media.hears("detected");
    for (
      const [zones, areas] of [[[SKY], []], [[PATH], [{ x: 0, y: 300, width: 1_000, height: 700 }]]] as const
    ) {
      await watch([...zones], [...areas]);
      // Whatever was on its way is of the settings before.
      const before = media.events.filter(detected).length;
      // The pictures of ten key frames, five seconds, have been looked at by then.
      const { key } = await media.port.call("record", { ...FRONT, sound: false });
      const fragments = new TextDecoder("latin1");
      const reader = (await media.port.take(key)).getReader();
      for (let count = 0; count < 12;) {
        const { value, done } = await reader.read();
        if (done) break;
        count += fragments.decode(value).split("moof").length - 1;
      }
      await reader.cancel();
      assert.ok(media.events.filter(detected).length - before <= 1, JSON.stringify([zones, areas]));
    }
  }),
});
