import { isIP } from "node:net";

/** No other names: the runtime's permissions hold for addresses, and which ones a name has is known to the network only. */
export function isListenAddress(text: string): boolean {
  return text === "localhost" || (isIP(text) !== 0 && !text.includes("%"));
}

/** Whether it stands for every address of the machine. */
export function isEverywhere(host: string): boolean {
  return /^(0\.0\.0\.0|\[?::\]?)$/.test(host);
}

/** Whether nobody but this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\..*|\[?::1\]?)$/.test(host);
}
