import { randomBytes } from "node:crypto";

/** What nobody can guess, 22 characters: a session, or the key to what an outlet gives. */
export function freshId(): string {
  return randomBytes(16).toString("base64url");
}
