import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { decrypted, encrypted } from "./age.ts";
import { PASSPHRASE } from "./testing/backups.ts";

const streamOf = (bytes: Uint8Array) =>
  new Response(bytes as BodyInit).body as ReadableStream<Uint8Array<ArrayBuffer>>;
const bytesOf = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
const locked = async (text: string) =>
  await bytesOf(await encrypted(streamOf(Buffer.from(text)), PASSPHRASE));
const opened = async (bytes: Uint8Array, passphrase = PASSPHRASE) =>
  Buffer.from(await bytesOf(await decrypted(streamOf(bytes), passphrase))).toString();

/** With the package's own key derivation, to see that ours is the same. */
async function lockedByOther(text: string, change: (encrypter: Encrypter) => void): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  change(encrypter);
  return await encrypter.encrypt(new TextEncoder().encode(text));
}

Deno.test("what is locked is opened with the same passphrase, and with no other", async () => {
  const bytes = await locked("the key of the house");
  assert.equal(await opened(bytes), "the key of the house");
  assert.match(Buffer.from(bytes).toString("latin1"), /^age-encryption\.org\/v1\n-> scrypt [\w+/]{22} 16\n/);
  assert.ok(!Buffer.from(bytes).includes("the key"));
  await assert.rejects(opened(bytes, PASSPHRASE.toUpperCase()), { code: "passphrase-wrong" });
});

Deno.test("what another program has locked is opened, where it asks for no more memory than age does", async () => {
  const asAge = (workFactor: number) => (encrypter: Encrypter) => {
    encrypter.setPassphrase(PASSPHRASE);
    encrypter.setScryptWorkFactor(workFactor);
  };
  assert.equal(await opened(await lockedByOther("hello", asAge(12))), "hello");
  const greedy = Buffer.from(await lockedByOther("hello", asAge(10))).toString("latin1").replace(
    " 10\n",
    " 19\n",
  );
  await assert.rejects(opened(Buffer.from(greedy, "latin1")), {
    code: "backup-unknown",
    message: /512 MiB of memory \(work factor 19\)/,
  });
});

Deno.test("what is no backup, or none with a passphrase, is told apart from a wrong passphrase", async () => {
  await assert.rejects(opened(Buffer.from("PK\x03\x04 something else\n")), { code: "backup-unknown" });
  await assert.rejects(opened(new Uint8Array(0)), { code: "backup-unknown" });
  const recipient = await identityToRecipient(await generateIdentity());
  const forSomeone = await lockedByOther("hello", (encrypter) => encrypter.addRecipient(recipient));
  await assert.rejects(opened(forSomeone), {
    code: "backup-unknown",
    message: /with a key, not a passphrase/,
  });
});

Deno.test("what was changed or cut off anywhere does not open", async () => {
  const bytes = await locked("x".repeat(200));
  for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 12)) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    await assert.rejects(opened(changed), `byte ${at} changed`);
    await assert.rejects(opened(bytes.slice(0, at)), `cut at ${at}`);
  }
  await assert.rejects(opened(bytes.slice(0, -1)));
  await assert.rejects(opened(Buffer.concat([bytes, Buffer.from("x")])));
});
