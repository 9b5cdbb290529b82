import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { SIZES } from "../../media/spec.ts";
import { decode } from "../../media/testing/pixels.ts";
import { cameraSpec } from "../../media/testing/specs.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { MediaProcess } from "./media_process.ts";
import { until } from "../soon.ts";

const ffmpeg = findFfmpeg();
const FRONT = { camera: "front", definition: "hd" } as const;
/** What a browser offers, shortened to what is looked at. */
const OFFER = [
  "v=0",
  "o=- 1 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0",
  "m=video 9 UDP/TLS/RTP/SAVPF 108",
  "c=IN IP4 0.0.0.0",
  "a=ice-ufrag:abcd",
  "a=ice-pwd:abcdefghijklmnopqrstuvwx",
  `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`,
  "a=setup:actpass",
  "a=mid:0",
  "a=recvonly",
  "a=rtcp-mux",
  "a=rtpmap:108 H264/90000",
  "a=fmtp:108 packetization-mode=1;profile-level-id=42e01f",
  "",
].join("\r\n");

/** The programs whose command line holds this. */
function running(text: string): string[] {
  const { stdout } = spawnSync(
    "sh",
    ["-c", 'grep -la -- "$1" /proc/[0-9]*/cmdline 2>/dev/null', "sh", text],
    {
      encoding: "utf8",
    },
  );
  const own = new RegExp(`/proc/(self|${Deno.pid})/`);
  return stdout.split("\n").filter((path) =>
    path !== "" && !own.test(path) &&
    /ffmpeg/.test(spawnSync("cat", [path.replace("cmdline", "comm")], { encoding: "utf8" }).stdout)
  );
}

const gone = (text: string): Promise<void> => until(() => running(text).length === 0);

Deno.test({
  name: "with the permissions and the environment of the real one it makes pictures and answers a viewer",
  ignore: ffmpeg === undefined,
  fn: inTempDir(async (data) => {
    await using media = new MediaProcess(data);
    await media.link(true);
    assert.deepEqual(await media.hears("state"), { event: "state", missing: "" });
    await media.port.call("configure", { cameras: [cameraSpec()], address: null });
    const { key } = await media.port.call("snapshot", FRONT);
    const picture = decode(await media.bytes(key));
    assert.deepEqual([picture.width, picture.height], [SIZES.hd.width, SIZES.hd.height]);
    const { session, answer } = await media.port.call("view", { ...FRONT, offer: OFFER });
    assert.match(answer, /^m=video \d+ UDP\/TLS\/RTP\/SAVPF 108\r$/m);
    assert.match(answer, /^a=sendonly\r$/m);
    assert.match(answer, /^a=candidate:/m, "all is in it");
    await media.port.call("configure", { cameras: [cameraSpec()], address: "127.0.0.1" });
    const bound = await media.port.call("view", { ...FRONT, offer: OFFER });
    const candidates = bound.answer.split("\r\n").filter((line) => line.startsWith("a=candidate:"));
    assert.ok(
      candidates.length > 0 && candidates.every((line) => line.includes(" 127.0.0.1 ")),
      candidates.join(),
    );
    await media.port.call("choose", { session, definition: "full-hd" });
    await media.port.call("leave", { session });
    await assert.rejects(media.port.call("choose", { session, definition: "hd" }), {
      code: "session-unknown",
    });
  }),
});

Deno.test({
  name: "pictures come as the parts of a multipart message, for as long as they are read",
  ignore: ffmpeg === undefined,
  fn: inTempDir(async (data) => {
    const name = `stream ${data}`;
    await using media = new MediaProcess(data);
    await media.link(true);
    await media.port.call("configure", {
      cameras: [cameraSpec({ overlay: { name, time: false } })],
      address: null,
    });
    const { key } = await media.port.call("jpegs", { ...FRONT, fps: 10 });
    const text = new TextDecoder("latin1").decode(await media.bytes(key, 60_000));
    const parts = text.split("--picture\r\n").filter(Boolean);
    assert.ok(parts.length > 1, `${parts.length} parts`);
    for (const part of parts.slice(0, -1)) {
      assert.match(part, /^Content-type: image\/jpeg\r\nContent-length: \d+\r\n\r\n\xff\xd8/i);
    }
    await gone(name);
  }),
});

Deno.test({
  name: "killed, it leaves no program behind; ended by the supervisor neither",
  ignore: ffmpeg === undefined,
  fn: inTempDir(async (data) => {
    for (const way of ["kill", "end"] as const) {
      const name = `${way} ${data}`;
      await using media = new MediaProcess(data);
      await media.link(true);
      await media.port.call("configure", {
        cameras: [cameraSpec({ overlay: { name, time: false } })],
        address: null,
      });
      const { session } = await media.port.call("view", { ...FRONT, offer: OFFER });
      assert.ok(session);
      await media.port.call("snapshot", FRONT);
      assert.equal(running(name).length, 1);
      await media[way]();
      await media.link(false);
      await gone(name);
      await assert.rejects(media.port.call("snapshot", FRONT), { code: "media-away", status: 503 });
    }
  }),
});

Deno.test({
  name: "what the runtime had set up goes with the runtime: nobody could end it any more",
  ignore: ffmpeg === undefined,
  fn: inTempDir(async (data) => {
    const name = `forget ${data}`;
    await using media = new MediaProcess(data);
    await media.link(true);
    await media.port.call("configure", {
      cameras: [cameraSpec({ overlay: { name, time: false } })],
      address: null,
    });
    const { session } = await media.port.call("view", { ...FRONT, offer: OFFER });
    await media.port.call("snapshot", FRONT);
    assert.equal(running(name).length, 1);
    await media.succeed();
    await assert.rejects(media.port.call("choose", { session, definition: "hd" }), {
      code: "session-unknown",
    });
    await assert.rejects(media.port.call("snapshot", FRONT), { code: "camera-unknown" });
    await gone(name);
  }),
});

const MACHINES: [has: string, user: number, advice: string][] = [
  ["apt-get", 0, "Install it with: apt-get update && apt-get install -y ffmpeg"],
  [
    "apt-get sudo",
    1000,
    "Install it with: sudo sh -c 'apt-get update && apt-get install -y ffmpeg'",
  ],
  ["apt-get", 1000, "Install it with: su -c 'apt-get update && apt-get install -y ffmpeg'"],
  ["pacman sudo", 1000, "Install it with: sudo pacman -S --noconfirm ffmpeg"],
  ["apk doas", 1000, "Install it with: doas apk add ffmpeg"],
  ["dnf sudo", 1000, "Install ffmpeg from RPM Fusion: the system's own lacks libx264"],
  ["zypper sudo", 1000, "Install ffmpeg from Packman: the system's own lacks libx264"],
  ["brew", 501, "Install it with: brew install ffmpeg"],
  ["", 1000, "Install ffmpeg, with libx264 and libopus"],
];

/** A folder of programs that do nothing, of a user's machine. */
function machine(bin: string, has: string, user: number): void {
  mkdirSync(bin);
  for (const program of has.split(" ").filter(Boolean)) symlinkSync("/bin/true", join(bin, program));
  writeFileSync(join(bin, "id"), `#!/bin/sh\necho ${user}\n`, { mode: 0o755 });
}

for (const [has, user, advice] of MACHINES) {
  Deno.test(
    `without ffmpeg, where there is ${has || "nothing"} and the user is ${user}: ${advice}`,
    inTempDir(async (dir) => {
      const [data, bin] = [join(dir, "data"), join(dir, "bin")];
      mkdirSync(data);
      machine(bin, has, user);
      await using media = new MediaProcess(data, bin);
      await media.link(true);
      assert.equal((await media.hears("state")).missing, `ffmpeg is not installed. ${advice}`);
    }),
  );
}

Deno.test(
  "without ffmpeg it runs, refuses a viewer with what is missing, and has a picture once ffmpeg is there",
  inTempDir(async (dir) => {
    const [data, bin] = [join(dir, "data"), join(dir, "bin")];
    mkdirSync(data);
    machine(bin, "apt-get", 0);
    await using media = new MediaProcess(data, bin);
    await media.link(true);
    const { missing } = await media.hears("state");
    await media.port.call("configure", { cameras: [cameraSpec()], address: null });
    await assert.rejects(media.port.call("view", { ...FRONT, offer: OFFER }), {
      code: "media-missing",
      message: `There is no picture: ${missing}`,
    });
    if (ffmpeg === undefined) return;
    symlinkSync(ffmpeg, join(bin, "ffmpeg"));
    await media.port.call("snapshot", FRONT);
    await media.hears("state", ({ missing }) => missing === "");
  }),
);

Deno.test({
  name:
    "where native code can't be loaded, pictures are made all the same, and it says what installs the rest",
  ignore: ffmpeg === undefined,
  fn: inTempDir(async (data) => {
    await using media = new MediaProcess(data, undefined, "--allow-ffi");
    await media.link(true);
    await media.port.call("configure", { cameras: [cameraSpec()], address: null });
    await assert.rejects(media.port.call("view", { ...FRONT, offer: OFFER }), {
      code: "media-missing",
      message: /Install it with: npx -y deno@2\.9\.6 install$/,
    });
    await media.hears("state", ({ missing }) => missing.endsWith("npx -y deno@2.9.6 install"));
    const { key } = await media.port.call("snapshot", FRONT);
    assert.equal(decode(await media.bytes(key)).width, SIZES.hd.width);
  }),
});
