import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findCurl } from "../../scripts/test_tools.ts";
import { PanelProcess } from "../boot/panel_process.ts";

const curl = findCurl();

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
  name: `curl with the panel's root pairs over TLS, releases, and is revoked${
    curl ? "" : " (skipped: no curl)"
  }`,
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

Deno.test(
  "plain HTTP to the TLS port gets no answer, and a handshake that does not come holds nobody up",
  inTempDir(async (data) => {
    await using panel = new PanelProcess(["--port", "0", "--data", data, "--tls.mode", "on"]);
    const [, link = ""] = await panel.says(/^ +Open +(https\S+)$/m);
    const port = Number(new URL(link).port);
    const plain = connect(port, "127.0.0.1");
    let said = "";
    plain.setEncoding("utf8").on("data", (text: string) => said += text);
    plain.on("error", () => {});
    plain.write("GET /api/v1/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    await once(plain, "close");
    assert.doesNotMatch(said, /HTTP\/1\.1 200|status/);

    const silent = Array.from({ length: 100 }, () => connect(port, "127.0.0.1"));
    for (const socket of silent) socket.on("error", () => {});
    const began = performance.now();
    const neighbour = connect({ port, host: "127.0.0.1", localAddress: "127.0.0.2" });
    await once(neighbour, "connect");
    neighbour.destroy();
    const health = spawnSync(
      curl ?? "curl",
      [
        "-s",
        "--interface",
        "127.0.0.2",
        "--cacert",
        join(data, "keys", "ca.pem"),
        new URL(link).origin + "/api/v1/health",
      ],
      { encoding: "utf8" },
    );
    assert.match(health.stdout, /"status"/);
    const took = performance.now() - began;
    assert.ok(took < 1_000, `took ${took} ms`);
    for (const socket of silent) socket.destroy();
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);
