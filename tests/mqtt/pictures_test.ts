import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { SIZES } from "../../media/spec.ts";
import { decode } from "../../media/testing/pixels.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { type RealPanel, startRealPanel } from "../browser/real_panel.ts";
import { until } from "../soon.ts";
import { Broker, send, Subscriber, test } from "./broker.ts";

/** The upper right quarter, where the simulated camera shows its sky. */
const AREA = { x: 500, y: 0, width: 500, height: 500 };

/** The media process starts after the panel, and the camera when it is first looked at. */
async function cameraRuns({ device, origin }: RealPanel): Promise<void> {
  await until(async () => {
    const response = await device.send(fetch, "GET", `${origin}/api/v1/plugins/camera/snapshot`);
    await response.body?.cancel();
    return response.ok;
  }, 50);
}

test(
  "a ring shows the home who is at the door: a JPEG that the broker does not keep, black where nobody is to look",
  inTempDir(async (dir) => {
    await using broker = await Broker.start();
    await using house = await Subscriber.open(broker, "#");
    const config = join(dir, "panel.yaml");
    const plugins = { mqtt: { url: broker.url, pictures: true }, camera: { privacyAreas: [AREA] } };
    // JSON is YAML.
    writeFileSync(config, JSON.stringify({ plugins }));
    await using panel = await startRealPanel({ args: ["--config", config] });
    const { topic: status } = await house.find(({ topic }) => topic.endsWith("/status"), "the panel");
    const base = status.slice(0, -"/status".length);
    await cameraRuns(panel);
    const topic = `${base}/picture/camera`;
    assert.deepEqual(house.of(topic), []);
    await panel.api("POST", "/plugins/simulator/inputs/bell/press", {});
    const told = await house.on(topic);
    const jpeg = house.bytes(told);
    assert.deepEqual([[...jpeg.subarray(0, 2)], [...jpeg.subarray(-2)]], [[0xff, 0xd8], [0xff, 0xd9]]);
    const { width, height, at } = decode(jpeg);
    assert.deepEqual([width, height], [SIZES.hd.width, SIZES.hd.height]);
    const light = (x: number, y: number) => Math.max(...at(Math.round(x * width), Math.round(y * height)));
    for (const [x, y] of [[0.55, 0.05], [0.75, 0.25], [0.99, 0.45]] as const) assert.ok(light(x, y) < 24);
    for (const [x, y] of [[0.4, 0.3], [0.75, 0.55]] as const) assert.ok(light(x, y) > 24);
    await send(broker, `${base}/command/camera/picture`, {});
    await house.count(topic, 2);
    await using later = await Subscriber.open(broker, `${base}/#`);
    await later.on(status);
    assert.deepEqual(later.of(topic), []);
  }),
  findFfmpeg() === undefined ? "ffmpeg" : undefined,
);
