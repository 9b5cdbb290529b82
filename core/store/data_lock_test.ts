import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../testing/temp_dir.ts";
import { lockData } from "./data_lock.ts";

const script = fileURLToPath(new URL("testing/hold_lock.ts", import.meta.url));

Deno.test(
  "one panel at a time has a data directory, which is made for its owner only",
  inTempDir((dir) => {
    const data = join(dir, "a", "b");
    const unlock = lockData(data);
    assert.equal(statSync(data).mode & 0o777, 0o700);
    assert.throws(() => lockData(data), { code: "data-busy", message: new RegExp(data) });
    unlock();
    lockData(data)();
  }),
);

Deno.test(
  "a killed panel's data directory is free at once",
  inTempDir(async (dir) => {
    const flags = ["--no-prompt", `--allow-read=${dir}`, `--allow-write=${dir}`];
    const holder = spawn(process.execPath, ["run", ...flags, script, dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(holder, "exit");
    try {
      await once(holder.stdout, "data");
      assert.throws(() => lockData(dir), { code: "data-busy" });
    } finally {
      holder.kill("SIGKILL");
      await ended;
    }
    lockData(dir)();
  }),
);

Deno.test(
  "a data directory that can't be made says which and what to do",
  inTempDir((dir) => {
    writeFileSync(join(dir, "file"), "");
    for (const data of [join(dir, "file"), join(dir, "file", "below"), "/proc/nothing"]) {
      assert.throws(() => lockData(data), {
        code: "data-read-only",
        message: new RegExp(`"${data}".*--data`),
      });
    }
  }),
);
