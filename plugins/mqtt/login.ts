import { readFileSync } from "node:fs";
import { errorText, LatchkeyError } from "../../core/mod.ts";
import type { Settings } from "./settings.ts";

/** What the panel shows to the broker, and what it wants to see of it. */
export interface Login {
  username?: string;
  password?: string;
  ca?: string;
  cert?: string;
  key?: string;
}

const LONGEST_PASSWORD = 1_024;

/**
 * Read anew for each connection, so that a renewed certificate needs no restart.
 * @throws {LatchkeyError} `mqtt-login` with the setting and the file
 */
export function readLogin(settings: Settings): Login {
  const { user, passwordFile, caFile, certFile, keyFile } = settings;
  return {
    ...(user === undefined ? {} : { username: user }),
    ...(passwordFile === undefined ? {} : { password: passwordIn(passwordFile) }),
    ...(caFile === undefined ? {} : { ca: pemIn("caFile", caFile) }),
    ...(certFile === undefined ? {} : { cert: pemIn("certFile", certFile) }),
    ...(keyFile === undefined ? {} : { key: pemIn("keyFile", keyFile) }),
  };
}

function passwordIn(path: string): string {
  const password = textOf("passwordFile", path).replace(/\r?\n$/, "");
  if (password !== "" && password.length <= LONGEST_PASSWORD && !password.includes("\n")) return password;
  throw unusable("passwordFile", path, `it must hold one line of 1 to ${LONGEST_PASSWORD} characters`);
}

function pemIn(setting: string, path: string): string {
  const text = textOf(setting, path);
  if (/^-----BEGIN [A-Z0-9 ]+-----$/m.test(text)) return text;
  throw unusable(setting, path, "it is no PEM file");
}

function textOf(setting: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unusable(setting, path, errorText(error));
  }
}

function unusable(setting: string, path: string, why: string): LatchkeyError {
  return new LatchkeyError("mqtt-login", `Cannot use ${setting} "${path}": ${why}`);
}
