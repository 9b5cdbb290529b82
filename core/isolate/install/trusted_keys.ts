import { z } from "zod";
import { LatchkeyError } from "../../errors.ts";
import type { Store } from "../../store/store.ts";
import { signerSchema } from "../manifest.ts";
import { readKey } from "./minisign.ts";

/** A key whose signatures the owner trusts. */
export const trustedKeySchema = z.strictObject({
  keyId: signerSchema.shape.keyId,
  name: z.string().trim().min(1).max(60).describe("Whose it is, as the owner calls it"),
  key: z.string().max(200).describe("The public key, as minisign prints it"),
});
export type TrustedKey = z.output<typeof trustedKeySchema>;

const MOST_KEYS = 64;
/** The owner of the rows; no plugin can have an id with a dot. */
const OWNER = "core.plugin-keys";

/** The keys that the owner trusts. A change is durable when it returns. */
export interface TrustedKeys {
  /** By name. */
  list(): TrustedKey[];
  /** @throws {LatchkeyError} `key-refused` (422), `key-known` (409) */
  add(name: string, key: string): TrustedKey;
  /** @throws {LatchkeyError} `key-unknown` (404) */
  remove(keyId: string): TrustedKey;
}

/** In the panel's database. */
export function trustedKeys(store: Pick<Store, "prepare" | "transaction">): TrustedKeys {
  const list = () =>
    store.prepare("SELECT value FROM plugin_state WHERE plugin = ?").all(OWNER)
      .map(({ value }) => trustedKeySchema.parse(JSON.parse(String(value))))
      .sort((a, b) => a.name.localeCompare(b.name));
  return {
    list,
    add(name, given) {
      const { keyId, text } = readKey(given);
      const all = list();
      const known = all.find((key) => key.keyId === keyId);
      if (known || all.length >= MOST_KEYS) {
        const why = known
          ? `The key ${keyId} is trusted already, as "${known.name}"`
          : `There are ${MOST_KEYS} keys already`;
        throw new LatchkeyError("key-known", why, { status: 409 });
      }
      const key = trustedKeySchema.parse({ keyId, name, key: text });
      store.transaction(() =>
        store.prepare("INSERT INTO plugin_state (plugin, key, value) VALUES (?, ?, ?)")
          .run(OWNER, keyId, JSON.stringify(key))
      );
      return key;
    },
    remove(keyId) {
      const known = list().find((key) => key.keyId === keyId);
      if (!known) {
        throw new LatchkeyError("key-unknown", `There is no trusted key "${keyId}"`, { status: 404 });
      }
      store.transaction(() =>
        store.prepare("DELETE FROM plugin_state WHERE plugin = ? AND key = ?").run(OWNER, keyId)
      );
      return known;
    },
  };
}
