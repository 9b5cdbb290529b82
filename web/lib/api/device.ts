/// <reference lib="dom" />

/** What this device is known by: a token, and the key that signs for it. The private key can be used here, but not read. */
export interface Device {
  token: string;
  keys: CryptoKeyPair;
}

const DATABASE = "latchkey";
const STORE = "device";
const ONLY = "this";
const PENDING = "pending";

/**
 * A key that never leaves this browser, for a pairing under way. It is kept: to a panel that waits for its button,
 * a page that was loaded again is the same device.
 */
export async function pairingKeys(): Promise<CryptoKeyPair> {
  const kept = await inStore("readonly", (store) => store.get(PENDING)) as CryptoKeyPair | undefined;
  if (kept) return kept;
  const keys = await makeKeys();
  await inStore("readwrite", (store) => store.put(keys, PENDING));
  return keys;
}

export async function makeKeys(): Promise<CryptoKeyPair> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return await crypto.subtle.generateKey(algorithm, false, ["sign"]) as CryptoKeyPair;
}

export async function loadDevice(): Promise<Device | undefined> {
  return await inStore("readonly", (store) => store.get(ONLY)) as Device | undefined;
}

/** Its key is no other pairing's from now on. */
export async function keepDevice(device: Device): Promise<void> {
  await inStore("readwrite", (store) => {
    store.delete(PENDING);
    return store.put(device, ONLY);
  });
}

export async function forgetDevice(): Promise<void> {
  await inStore("readwrite", (store) => store.delete(ONLY));
}

async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE);
  const database = await done(opening);
  try {
    return await done(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
