import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemRandom } from "../../core/random.ts";
import { openStore } from "../../core/store/database.ts";
import { loadKeys } from "../../core/store/keys_file.ts";
import { databasePath } from "../../core/store/paths.ts";
import { findStrace } from "../../scripts/test_tools.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { PanelProcess, supervisorCommand, Visitor } from "./panel_process.ts";

interface Refusal {
  args?: (dir: string) => string[];
  env?: Record<string, string>;
  /** Prepares `dir`, in which `data` is the panel's. */
  given?: (dir: string, data: string) => void;
  /** What it says, each on a line of its own. */
  says: RegExp[];
  /** What is in the data directory afterwards; undefined where it is not there. */
  leaves?: string[];
}

/** A start that must end with 2 and a sentence, without a stack trace and without having opened anything. */
function refuses(name: string, { args = () => [], env = {}, given, says, leaves }: Refusal): void {
  Deno.test(
    `the start refuses ${name}: it says so and exits with 2`,
    inTempDir(async (dir) => {
      const data = join(dir, "data");
      given?.(dir, data);
      await using panel = new PanelProcess(["--port", "0", "--data", data, ...args(dir)], undefined, env);
      assert.equal(await panel.end(), 2, panel.text);
      for (const line of says) assert.match(panel.text, line);
      assert.doesNotMatch(panel.text, /^ +at |Uncaught|unexpectedly|Latchkey +\d/m, panel.text);
      assert.ok(panel.text.split("\n").length <= says.length + 2, panel.text);
      if (leaves) assert.deepEqual(readdirSync(data).toSorted(), leaves);
      else if (!given) assert.deepEqual(readdirSync(dir), [], "nothing is left behind");
    }),
  );
}

function yaml(text: string): Pick<Refusal, "args" | "given"> {
  return {
    given: (dir) => writeFileSync(join(dir, "panel.yaml"), text),
    args: (dir) => ["--config", join(dir, "panel.yaml")],
  };
}

function database(data: string): void {
  loadKeys(data, systemRandom);
  openStore(databasePath(data)).close();
}

refuses("unknown options and values that are not allowed, all of them at once", {
  args: () => ["--prot", "81", "--port", "65536", "--board", "pi", "--host", "door.local", "stray"],
  says: [
    /^Cannot start with these settings:$/m,
    /^ {2}--prot: Unknown option; --help lists all \(given: 81\)$/m,
    /^ {2}port: Must be a whole number from 0 to 65535 \(given: 65536, from --port\)$/m,
    /^ {2}board: Must be one of sim \(given: "pi", from --board\)$/m,
    /^ {2}host: Must be an IP address of this machine, or localhost \(given: "door.local", from --host\)$/m,
    /^ {2}stray: An option such as --port 8080; --help lists all$/m,
  ],
});

refuses("variables it does not know and values of a plugin that are not allowed", {
  env: { PANEL_PROT: "81", PANEL_PLUGINS_LOCK_PULSE_MS: "10001" },
  says: [
    /^ {2}PANEL_PROT: Unknown variable; --help lists all \(given: 81\)$/m,
    /^ {2}plugins\.lock\.pulseMs: Must be .* 100 to 10000 \(given: 10001, from PANEL_PLUGINS_LOCK_PULSE_MS\)$/m,
  ],
});

refuses("a configuration that is no YAML", {
  ...yaml("port: 8081\n  name: [oh\n"),
  says: [/^Cannot read the configuration: .*panel\.yaml, line 1, column 7: /m],
});

refuses("a configuration with values that are not allowed", {
  ...yaml("port: high\nplugins:\n  lock: { pulse: 3 }\n"),
  says: [
    /^ {2}plugins\.lock\.pulse: Unknown field; there is .*pulseMs.* \(given: 3, from .*panel\.yaml, line 3, col/m,
  ],
});

refuses("a configuration that is a directory", {
  args: (dir) => ["--config", dir],
  says: [/^Cannot read the configuration .*: it is a directory$/m],
});

refuses("a configuration that is not there", {
  args: (dir) => ["--config", join(dir, "none.yaml")],
  says: [/^Cannot read the configuration: there is no file .*none\.yaml$/m],
});

refuses("a data directory that can't be made", {
  given: (dir) => writeFileSync(join(dir, "file"), ""),
  args: (dir) => ["--data", join(dir, "file", "data")],
  says: [/^Data directory ".*file\/data" can't be made or written \(.*\)\. Make it writable .* --data$/m],
});

const strace = findStrace();

Deno.test({
  name: "the start refuses a data directory on a read-only disk" + (strace ? "" : " (skipped: no strace)"),
  ignore: !strace,
  fn: inTempDir(async (data) => {
    // Works for root too, whom no mode bits keep out.
    const readOnly = [strace!, "-qq", "-o", "/dev/null", "-e", "inject=?mkdir,mkdirat:error=EROFS"];
    await using panel = new PanelProcess(["--data", data], [...readOnly, ...supervisorCommand()]);
    assert.equal(await panel.end(), 2);
    assert.match(
      panel.text,
      /^Data directory ".*" can't be made or written \(EROFS.*\)\. Make it .* --data\n$/,
    );
  }),
});

refuses("a data directory with a comma, which would widen the runtime's permissions", {
  args: (dir) => ["--data", `${dir}/a,b`],
  says: [/^Cannot use the path ".*a,b": it must have no comma$/m],
});

refuses("a data directory whose path is too long for a socket", {
  args: (dir) => ["--data", join(dir, "d".repeat(100))],
  says: [/^Cannot use the data directory ".*": the path of the board's socket in it, .* 103 are possible\./m],
});

refuses("a damaged database, and leaves it as it was", {
  given(_, data) {
    database(data);
    const bytes = readFileSync(databasePath(data));
    writeFileSync(databasePath(data), bytes.fill(0x5a, 4096));
  },
  says: [
    /^Database ".*access\.db" is damaged \([^]*\)\. Restore a backup in its place; nothing was changed$/m,
  ],
  leaves: ["access.db", "keys", "panel.lock"],
});

refuses("a file that is no database", {
  given(_, data) {
    loadKeys(data, systemRandom);
    writeFileSync(databasePath(data), "This is a text.\n".repeat(1_000));
  },
  says: [/^Database ".*access\.db" is damaged \(.*\)\. Restore a backup in its place; nothing was changed$/m],
  leaves: ["access.db", "keys", "panel.lock"],
});

refuses("a database of a newer Latchkey", {
  given(_, data) {
    database(data);
    const db = new DatabaseSync(databasePath(data));
    db.exec("PRAGMA user_version = 1000");
    db.close();
  },
  says: [
    /^Database ".*access\.db" has schema version 1000 and was written by a newer Latchkey;.*Install the newer/m,
  ],
});

refuses("a database without its keys", {
  given(_, data) {
    database(data);
    rmSync(join(data, "keys"), { recursive: true });
  },
  says: [/^Key file ".*\.key" is missing, but database ".*" needs it/m],
});

refuses("an address that is another machine's", {
  args: () => ["--host", "192.0.2.1"],
  says: [/^This machine has no address "192\.0\.2\.1"; choose one of its own with --host$/m],
});

Deno.test(
  "the start refuses a busy port, and makes no owner's link that nobody sees",
  inTempDir(async (data) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      await using panel = new PanelProcess(["--port", String(port), "--data", data]);
      assert.equal(await panel.end(), 2);
      assert.match(
        panel.text,
        new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken by another .* --port\n$`),
      );
    } finally {
      other.close();
      await once(other, "close");
    }
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    assert.equal(
      (await visitor.api("GET", "/status")).status,
      200,
      "the next start is the one with the link",
    );
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

Deno.test(
  "the start refuses a data directory on which a panel runs, and leaves that one alone",
  inTempDir(async (data) => {
    const args = ["--port", "0", "--data", data, "--plugins.lock.pulseMs", "10000"];
    await using first = new PanelProcess(args);
    const visitor = await Visitor.of(first);
    await visitor.api("POST", "/access-points/lock/release");
    await using second = new PanelProcess(args);
    assert.equal(await second.end(), 2);
    assert.match(second.text, /^Another panel is running on this data directory \(.*\)\n$/);
    const { body } = await visitor.api<{ id: string; released: boolean }[]>("GET", "/access-points");
    assert.equal(body.find(({ id }) => id === "lock")?.released, true, "its pulse goes on");
    first.signalAll("SIGINT");
    assert.equal(await first.end(), 0);
  }),
);

Deno.test("--help lists every setting with its variable, --version the version; neither leaves anything", async () => {
  const version = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
  await inTempDir(async (dir) => {
    const data = join(dir, "data");
    await using help = new PanelProcess(["--data", data, "--help", "--nonsense", "x"]);
    assert.equal(await help.end(), 0);
    for (const part of ["--port VALUE (PANEL_PORT)", "--plugins.lock.pulseMs VALUE", "--reclaim"]) {
      assert.ok(help.text.includes(part), part);
    }
    await using short = new PanelProcess(["--data", data, "--version"]);
    assert.equal(await short.end(), 0);
    assert.equal(short.text, `Latchkey ${version}\n`);
    assert.deepEqual(readdirSync(dir), []);
  })();
});
