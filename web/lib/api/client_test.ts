import assert from "node:assert/strict";
import { Client } from "./client.ts";
import { makeKeys } from "./device.ts";

/** A page of a panel that answers what `answer` says. */
async function onPage<T>(answer: () => Response, run: (client: Client, told: () => number) => Promise<T>) {
  const real = {
    fetch: globalThis.fetch,
    location: Object.getOwnPropertyDescriptor(globalThis, "location")!,
  };
  // deno-lint-ignore require-await -- what `answer` throws is a fetch that fails
  globalThis.fetch = async () => answer();
  const location = { origin: "https://door.local" };
  Object.defineProperty(globalThis, "location", { value: location, configurable: true });
  try {
    let refused = 0;
    const device = { token: "t".repeat(43), keys: await makeKeys() };
    return await run(new Client({ device, refused: () => void refused++ }), () => refused);
  } finally {
    globalThis.fetch = real.fetch;
    Object.defineProperty(globalThis, "location", real.location);
  }
}

const headers = { "dpop-nonce": "n" };
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(() => "answered", (error: { code: string }) => error.code);

/** The panel answers everything with this problem. */
const refusal = (status: number, code: string) =>
  onPage(
    () => Response.json({ code, detail: "No" }, { status, headers }),
    async (client, told) => ({ code: await codeOf(client.get("/status")), refused: told() }),
  );

Deno.test("a page takes its device for revoked only where the panel says that it does not know it", async () => {
  assert.deepEqual(await refusal(401, "token-wrong"), { refused: 1, code: "token-wrong" });
  assert.deepEqual(await refusal(403, "unclaimed"), { refused: 1, code: "unclaimed" });
  for (const code of ["proof-wrong", "proof-replayed", "proof-nonce"]) {
    assert.deepEqual(await refusal(401, code), { refused: 0, code });
  }
  assert.deepEqual(await refusal(403, "access-expired"), { refused: 0, code: "access-expired" });
});

Deno.test("a page that was opened while its panel was away goes on once it is back", async () => {
  let isAway = true;
  const answer = () => {
    if (isAway) throw new TypeError("The connection was refused");
    return Response.json({}, { headers });
  };
  await onPage(answer, async (client) => {
    assert.equal(await codeOf(client.get("/status")), "offline");
    isAway = false;
    assert.equal(await codeOf(client.get("/status")), "answered");
  });
});
