import type { IntercomState } from "../../../plugins/intercom/keys.ts";
import type { ApiError } from "../api/problem.ts";

/** `0:07` */
export function clockText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Who, or what, is heard at the door. */
export function heardText({ by, reply }: NonNullable<IntercomState["talk"]>): string {
  return reply === null
    ? `${by} is speaking at the door`
    : `“${reply}” is being played at the door, by ${by}`;
}

/** What a file is called, without what tells its kind. */
export function fileTitle(name: string, longest: number): string {
  return name.replace(/\.\w{1,5}$/, "").replaceAll(/[\p{C}_]+/gu, " ").trim().slice(0, longest).trim();
}

export const TOO_LARGE = "The file is larger than the panel takes, which is 2 MiB.";

/** Where what was refused is to be said. */
export interface ReplyFaults {
  name?: string;
  sound?: string;
  /** Of neither. */
  other?: string;
}

/** Why a quick reply was refused, at the field that it is about. */
export function replyFaults({ code, message, faults }: ApiError): ReplyFaults {
  const ofName = faults.find(({ field }) => field === "name");
  if (ofName) return { name: ofName.message };
  if (code === "reply-taken") return { name: "There is one of this name already. Take another name." };
  if (code === "sound-unknown") {
    return {
      sound: "There is no sound in this file that the panel knows. MP3, M4A, WAV, FLAC, Ogg and WebM do.",
    };
  }
  if (code === "too-large") return { sound: TOO_LARGE };
  return { other: message };
}
