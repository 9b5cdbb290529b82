import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { LatchkeyError } from "../../core/errors.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { SIZES } from "../../media/spec.ts";
import { played } from "../../media/testing/movie.ts";
import { decode, type Picture } from "../../media/testing/pixels.ts";
import { cameraSpec } from "../../media/testing/specs.ts";
import type { CameraSpec, Definition } from "../../media/spec.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { MediaProcess } from "./media_process.ts";
import { RtspCamera } from "./rtsp_camera.ts";
import { until } from "../soon.ts";

const AREA = { x: 500, y: 500, width: 500, height: 500 };

interface Bench {
  camera: RtspCamera;
  media: MediaProcess;
  configure(change?: Partial<CameraSpec>): Promise<void>;
  snapshot(definition: Definition): Promise<Picture>;
}

function rtspTest(name: string, story: (bench: Bench) => Promise<void>): void {
  Deno.test({
    name,
    ignore: findFfmpeg() === undefined,
    fn: inTempDir(async (data) => {
      await using camera = await RtspCamera.start();
      await using media = new MediaProcess(data);
      await media.link(true);
      const source = {
        kind: "rtsp",
        url: camera.url,
        transport: "tcp",
        native: "full-hd",
        sound: false,
      } as const;
      await story({
        camera,
        media,
        async configure(change = {}) {
          const spec = cameraSpec({ source, fps: 10, ...change });
          await media.port.call("configure", { cameras: [spec], address: null });
        },
        async snapshot(definition) {
          for (let tries = 1;; tries++) {
            try {
              const { key } = await media.port.call("snapshot", { camera: "front", definition });
              return decode(await media.bytes(key));
            } catch (error) {
              // The camera of this test encodes in software, which may take a busy machine a while.
              if (tries === 6 || (error as LatchkeyError).code !== "picture-none") throw error;
            }
          }
        },
      });
    }),
  });
}

/** The command lines of what the process has started. */
function programs(media: MediaProcess): string[] {
  const { stdout } = spawnSync("sh", ["-c", `cat /proc/${media.child.pid}/task/*/children`], {
    encoding: "utf8",
  });
  return stdout.split(/\s+/).filter(Boolean)
    .map((pid) =>
      spawnSync("cat", [`/proc/${pid}/cmdline`], { encoding: "utf8" }).stdout.replaceAll("\0", " ")
    );
}

rtspTest(
  "an RTSP camera's own picture is passed through: nothing is encoded for it",
  async ({ configure, snapshot, media }) => {
    await configure();
    const picture = await snapshot("full-hd");
    assert.deepEqual([picture.width, picture.height], [SIZES["full-hd"].width, SIZES["full-hd"].height]);
    assert.ok(programs(media).some((line) => line.includes("-c:v copy")));
    assert.ok(!programs(media).some((line) => line.includes("libx264")));
  },
);

rtspTest(
  "B-LIVE-2: a smaller definition is made of it, and the camera is read once for both",
  async ({ configure, snapshot, media, camera }) => {
    await configure();
    const [large, small] = await Promise.all([snapshot("full-hd"), snapshot("hd")]);
    assert.deepEqual([large.width, small.width], [SIZES["full-hd"].width, SIZES.hd.width]);
    assert.equal(camera.readers.size, 1);
    assert.equal(programs(media).filter((line) => line.includes("libx264")).length, 1);
  },
);

rtspTest(
  "B-LIVE-3: a privacy area is black in what was passed through before",
  async ({ configure, snapshot }) => {
    const places = [[1_000, 600], [1_500, 800], [1_900, 1_070]] as const;
    const dark = (picture: Picture) => places.map(([x, y]) => picture.at(x, y).every((part) => part < 20));
    await configure();
    assert.ok(dark(await snapshot("full-hd")).includes(false));
    await configure({ privacyAreas: [AREA] });
    const covered = await snapshot("full-hd");
    assert.deepEqual(dark(covered), [true, true, true]);
    assert.ok(covered.at(300, 300).some((part) => part > 60));
  },
);

rtspTest(
  "B-LIVE-3, B-REC-4: a recording of it plays, though areas were drawn and removed while it went on",
  async ({ configure, snapshot, media }) => {
    await configure();
    await snapshot("full-hd");
    const { key } = await media.port.call("record", {
      camera: "front",
      definition: "full-hd",
      sound: false,
    });
    const reader = (await media.port.take(key)).getReader();
    const parts: Uint8Array[] = [];
    const fragments = async (count: number) => {
      for (let found = 0; found < count;) {
        const { value } = await reader.read();
        if (!value) throw new Error("The recording has ended");
        parts.push(value);
        found += new TextDecoder("latin1").decode(value).split("moof").length - 1;
      }
    };
    await fragments(2);
    await configure({ privacyAreas: [AREA] });
    await fragments(4);
    await configure();
    await fragments(4);
    await reader.cancel();
    await inTempDir(async (dir) => {
      const path = join(dir, "door.mp4");
      const movie = Buffer.concat(parts);
      // The last read may have ended within a fragment.
      await Deno.writeFile(path, movie.subarray(0, movie.lastIndexOf("moof") - 4));
      const { frames, complaints } = played(path);
      assert.ok(frames > 20, `${frames} frames`);
      assert.equal(complaints, "");
    })();
  },
);

rtspTest(
  "a camera that goes and comes is told of, without its password, and read again",
  async ({ configure, snapshot, media, camera }) => {
    await configure();
    await snapshot("full-hd");
    const { key } = await media.port.call("jpegs", { camera: "front", definition: "full-hd", fps: 5 });
    const reading = media.bytes(key, 400_000);
    await until(() => camera.readers.size > 0);
    camera.cut();
    const { fault } = await media.hears("camera", (event) => event.fault !== "");
    assert.ok(!fault.includes(RtspCamera.password), fault);
    await reading;
    await media.hears("camera", (event) => event.fault === "");
  },
);
