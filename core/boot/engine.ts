import process from "node:process";
import { LatchkeyError } from "../errors.ts";

const LEAST_NODE = 22;

/**
 * Refuses a Node without `node:sqlite`.
 * @throws {LatchkeyError} `engine-too-old`
 */
export function assertEngine(versions: Record<string, string | undefined> = process.versions): void {
  const { deno, node = "" } = versions;
  if (deno !== undefined || Number(node.split(".")[0]) >= LEAST_NODE) return;
  throw new LatchkeyError(
    "engine-too-old",
    `Node ${node} is too old: at least ${LEAST_NODE} is needed, or Deno: npx -y deno@2.9.6 task start`,
  );
}
