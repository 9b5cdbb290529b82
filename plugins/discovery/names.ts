import { Buffer } from "node:buffer";

/** Under which names the panel is found; both single labels. */
export interface Names {
  /** "Front door" */
  instance: string;
  /** `front-door`, lower case. */
  host: string;
}

/** Which of equal names the panel has: the first is 1 and shows no number. */
export interface Numbers {
  instance: number;
  host: number;
}

const LABEL_BYTES = 63;

/** "Front door (2)" and `front-door-2` of those wanted; the codec takes dots for ends of labels, so there are none. */
export function numbered({ instance, host }: Names, numbers: Numbers): Names {
  const text = instance.replaceAll(".", " ").replaceAll(/\s+/g, " ").trim() || "Latchkey";
  return {
    instance: fitted(text, numbers.instance === 1 ? "" : ` (${numbers.instance})`),
    host: fitted(host.toLowerCase(), numbers.host === 1 ? "" : `-${numbers.host}`),
  };
}

function fitted(text: string, suffix: string): string {
  const letters = [...text];
  while (Buffer.byteLength(letters.join("") + suffix) > LABEL_BYTES) letters.pop();
  return letters.join("").replace(/[\s-]+$/, "") + suffix;
}
