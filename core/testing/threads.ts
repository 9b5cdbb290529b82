/** The operations of WebCrypto that the panel waits for: they run on threads, where no turn of the event loop waits. */
const OPERATIONS = [
  "decrypt",
  "deriveBits",
  "digest",
  "encrypt",
  "exportKey",
  "generateKey",
  "importKey",
  "sign",
  "verify",
] as const;

let pending = 0;

for (const name of OPERATIONS) {
  const operation = crypto.subtle[name] as (...args: unknown[]) => Promise<unknown>;
  Object.defineProperty(crypto.subtle, name, {
    configurable: true,
    async value(...args: unknown[]): Promise<unknown> {
      pending++;
      try {
        return await operation.apply(crypto.subtle, args);
      } finally {
        pending--;
      }
    },
  });
}

/** Whether something that was begun is still at work on a thread. */
export function threadsBusy(): boolean {
  return pending > 0;
}
