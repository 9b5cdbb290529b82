import assert from "node:assert/strict";
import { TestDevice } from "../testing/device.ts";
import { ApiPanel } from "./testing/api_panel.ts";

const URL_ = "http://127.0.0.1:8080/api/v1/join";

/** Asks to join with a key of its own and a code that is none. */
async function guess(panel: ApiPanel, nonce: string | undefined, address: string): Promise<string> {
  const device = new TestDevice();
  device.nonce = nonce;
  const response = await panel.fetch(
    new Request(URL_, {
      method: "POST",
      headers: { ...device.headers("POST", URL_), "content-type": "application/json" },
      body: JSON.stringify({ code: "x".repeat(22), deviceName: "Lamp" }),
    }),
    { address },
  );
  return (await response.json()).code;
}

Deno.test("whoever has to wait for wrong codes is told so before the panel checks a signature", async () => {
  await using panel = await ApiPanel.start();
  await panel.ask("GET", "/me");
  const { nonce } = panel.device;
  const codes: string[] = [];
  for (let n = 0; n < 12; n++) codes.push(await guess(panel, nonce, "10.0.0.1"));
  assert.deepEqual(codes.slice(9), ["invitation-unknown", "slow-down", "slow-down"]);
  assert.equal(await guess(panel, "no-nonce-of-the-panel", "10.0.0.1"), "slow-down");
  assert.equal(await guess(panel, "no-nonce-of-the-panel", "10.0.0.2"), "proof-nonce");
});

Deno.test("wrong tries to pair from one address of an IPv6 network keep no other one of it waiting", async () => {
  await using panel = await ApiPanel.start();
  await panel.ask("GET", "/me");
  const { nonce } = panel.device;
  for (let n = 0; n < 12; n++) await guess(panel, nonce, "fd00:1:2:3::bad");
  assert.equal(await guess(panel, nonce, "fd00:1:2:3::bad"), "slow-down");
  assert.equal(await guess(panel, nonce, "fd00:1:2:3::a"), "invitation-unknown");
});

Deno.test("I-11: all the addresses of an IPv6 network have five wrong codes together", async () => {
  await using panel = await ApiPanel.start();
  const url = "http://127.0.0.1:8080/api/v1/codes/release";
  const enter = async (address: string) => {
    const body = JSON.stringify({ text: "00000000", accessPoint: "lock" });
    const headers = { "content-type": "application/json" };
    const response = await panel.fetch(new Request(url, { method: "POST", headers, body }), { address });
    return (await response.json()).code;
  };
  const codes: string[] = [];
  for (let n = 1; n <= 6; n++) codes.push(await enter(`fd00:1:2:3::${n}`));
  assert.deepEqual(codes, [...Array(5).fill("code-wrong"), "code-wait"]);
  assert.equal(await enter("fd00:1:2:4::1"), "code-wrong");
});
