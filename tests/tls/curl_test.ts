import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findCurl } from "../../scripts/test_tools.ts";
import { fingerprintOf } from "../../core/tls/source.ts";
import { PanelProcess } from "../boot/panel_process.ts";
import { freePort } from "../../core/testing/free_port.ts";
import { Household, type Site, startSite } from "./https_panel.ts";

const curl = findCurl();
const skipped = curl ? "" : " (skipped: no curl)";

interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- a test reads whatever was answered
  body: any;
  headers: string;
}

/** A request by curl, which trusts the panel's own root and nothing else. */
async function ask(
  root: string,
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: unknown,
) {
  const args = ["--silent", "--show-error", "--include", "--cacert", root, "--request", method, url];
  for (const [name, value] of Object.entries(headers)) args.push("--header", `${name}: ${value}`);
  if (body !== undefined) {
    args.push("--header", "content-type: application/json", "--data", JSON.stringify(body));
  }
  const child = spawn(curl!, args, { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let fault = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => text += part);
  child.stderr.setEncoding("utf8").on("data", (part: string) => fault += part);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(fault.trim());
  const [head = "", content = ""] = text.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\/[\d.]+ (\d+)/.exec(head)?.[1]),
    headers: head,
    body: content === "" ? undefined : JSON.parse(content),
  } as Answer;
}

/** Signs like a device, sends like curl. */
async function signed(
  root: string,
  device: TestDevice,
  method: string,
  url: string,
  body?: unknown,
): Promise<Answer> {
  for (let round = 0;; round++) {
    const answer = await ask(root, method, url, device.headers(method, url), body);
    device.nonce = /^dpop-nonce: (\S+)/im.exec(answer.headers)?.[1] ?? device.nonce;
    if (answer.status !== 401 || round > 0) return answer;
  }
}

Deno.test({
  name: `curl with the panel's root pairs over TLS, releases, and is revoked${skipped}`,
  ignore: !curl,
  fn: inTempDir(async (data) => {
    await using panel = new PanelProcess(["--port", "0", "--data", data, "--tls.mode", "on"]);
    const [, link = ""] = await panel.says(/^ +Open +(https\S+)$/m);
    await panel.says(/^ +Stop +Ctrl-C$/m);
    const { origin, hash } = new URL(link);
    const root = join(data, "keys", "ca.pem");
    const [, code = ""] = /claim=([\w-]{22})/.exec(hash)!;
    const [, fingerprint = ""] = /sha256=([0-9a-f]{64})/.exec(hash)!;

    const owner = new TestDevice();
    const claimed = await signed(root, owner, "POST", `${origin}/api/v1/claim`, {
      code,
      name: "Anna",
      deviceName: "curl",
    });
    assert.equal(claimed.body.state, "claimed");
    owner.token = claimed.body.paired.token;
    const identity = await ask(root, "GET", `${origin}/api/v1/identity`, {});
    assert.equal(identity.body.fingerprint, fingerprint);

    const released = await signed(root, owner, "POST", `${origin}/api/v1/access-points/lock/release`, {});
    assert.equal(released.body.outcome, "released");

    const invitation = await signed(root, owner, "POST", `${origin}/api/v1/invitations`, {
      name: "Bruno",
      role: "family",
    });
    const guest = new TestDevice();
    const joined = await signed(root, guest, "POST", `${origin}/api/v1/join`, {
      code: invitation.body.code,
      deviceName: "curl",
    });
    guest.token = joined.body.token;
    assert.equal((await signed(root, guest, "GET", `${origin}/api/v1/me`)).body.member.role, "family");
    await signed(root, owner, "DELETE", `${origin}/api/v1/members/${joined.body.member.id}`);
    assert.equal((await signed(root, guest, "GET", `${origin}/api/v1/me`)).status, 401);

    await assert.rejects(ask("/dev/null", "GET", `${origin}/api/v1/health`, {}), /certificate/i);
    const pem =
      spawnSync(curl!, ["-s", "--cacert", root, `${origin}/api/v1/root.pem`], { encoding: "utf8" }).stdout;
    assert.equal(pem, readFileSync(root, "utf8"));
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
});

Deno.test({
  name: `curl with the panel's root refuses what its key has signed for the internet${skipped}`,
  ignore: !curl,
  async fn() {
    using household = new Household();
    await using own = await startSite(await household.pair());
    await using stolen = await startSite(await household.stolen("127.0.0.1", "bank.example"));
    const get = (host: string, { port }: Site) =>
      visit(household.root, `https://${host}:${port}/`, [
        "--resolve",
        `${host}:${port}:127.0.0.1`,
      ]);
    assert.match((await get("127.0.0.1", own)).text, /Reached/);
    assert.match((await get("front-door.local", own)).text, /Reached/);
    for (const host of ["127.0.0.1", "bank.example"]) {
      const { code, text } = await get(host, stolen);
      assert.equal(code, 60, host);
      assert.match(text, /permitted subtree violation/, host);
    }
  },
});

Deno.test({
  name:
    `a panel with an owner's certificate and a port that redirects: curl is sent to it and trusts it${skipped}`,
  ignore: !curl,
  fn: inTempDir(async (dir) => {
    using household = new Household();
    const pair = await household.stolen("panel.lan", "127.0.0.1");
    const [cert, key] = [join(dir, "door.pem"), join(dir, "door.key")];
    writeFileSync(cert, pair.cert);
    writeFileSync(key, pair.key);
    const redirectPort = String(await freePort());
    const data = join(dir, "data");
    const settings = ["--tls.mode", "on", "--tls.cert", cert, "--tls.key", key, "--hosts", "panel.lan"];
    await using panel = new PanelProcess([
      ...["--port", "0", "--data", data, "--tls.redirectPort", redirectPort],
      ...settings,
    ]);
    const [, link = ""] = await panel.says(/^ +Open +(https\S+)$/m);
    await panel.says(/^ +Stop +Ctrl-C$/m);
    assert.match(link, new RegExp(`sha256=${fingerprintOf(pair.cert)}`));
    const answer = await visit(household.root, `http://127.0.0.1:${redirectPort}/api/v1/health`, [
      "--location",
    ]);
    assert.match(answer.text, /^HTTP\/1\.1 308 [^]*^HTTP\/1\.1 200 [^]*"status"/m);
    const refused = await visit(household.root, `http://127.0.0.1:${redirectPort}/`, [
      "-H",
      "authorization: x",
    ]);
    assert.match(refused.text, /^HTTP\/1\.1 403 /);
    assert.ok(!existsSync(join(data, "keys", "ca.key")), "it makes no authority that nobody needs");
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
});

Deno.test(
  "an owner's certificate that does not fit refuses the start, and nothing is left behind",
  inTempDir(async (dir) => {
    using household = new Household();
    const [cert, key] = [join(dir, "door.pem"), join(dir, "door.key")];
    writeFileSync(cert, (await household.stolen("127.0.0.1")).cert);
    writeFileSync(key, (await household.stolen("127.0.0.1")).key);
    const data = join(dir, "data");
    const settings = ["--tls.mode", "on", "--tls.cert", cert, "--tls.key", key];
    await using panel = new PanelProcess(["--port", "0", "--data", data, ...settings]);
    assert.equal(await panel.end(), 2);
    assert.match(
      panel.text,
      /The file in tls\.key, ".*door\.key", is not the key of the certificate in ".*door\.pem"/,
    );
    assert.ok(!existsSync(data));
  }),
);

async function visit(root: string, url: string, more: string[]): Promise<{ code: number; text: string }> {
  const args = ["--silent", "--show-error", "--include", "--cacert", root, ...more, url];
  const { code, stdout, stderr } = await new Deno.Command(curl!, { args, stdin: "null" }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}
