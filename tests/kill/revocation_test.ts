import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { signal } from "../../drivers/sim/testing/board_process.ts";
import { onAnswers } from "./killing.ts";

const SCRIPT = fileURLToPath(new URL("revoke_process.ts", import.meta.url));
const ROUNDS = 5;

function start(dir: string, mode: string): ChildProcess {
  const args = ["run", "--quiet", "-A", SCRIPT, dir, mode];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

Deno.test(
  "I-10: a removed card is denied after a kill -9 right after the removal was acknowledged",
  async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await inTempDir(async (dir) => {
        const first = start(dir, "revoke");
        const gone = once(first, "close");
        const said: string[] = [];
        onAnswers(first, (line) => {
          said.push(line);
          if (line.startsWith("removed")) signal(first, "SIGKILL");
        });
        await gone;
        assert.deepEqual(said, ["granted", "removed card-1"]);

        const second = start(dir, "try");
        const answers: string[] = [];
        onAnswers(second, (line) => void answers.push(line));
        await once(second, "close");
        assert.deepEqual(answers, ["unknown-credential", "undefined"]);
      })();
    }
  },
);
