import type { PairingLink } from "../api/pairing.ts";
import type { ApiError } from "../api/problem.ts";

/** What a person can do after a pairing that did not work. */
export interface Advice {
  title: string;
  text: string;
  /** Whether the same link may work yet, or only another one. */
  next: "again" | "another";
}

/** Why a link did not work, and what to do now. */
export function adviceFor(error: ApiError, kind: PairingLink["kind"]): Advice {
  switch (error.code) {
    case "invitation-unknown":
      return {
        title: "This invitation is no longer good",
        text:
          "It was used already, it was withdrawn, or its ten minutes are over. Ask whoever sent it for a new one.",
        next: "another",
      };
    case "members-full":
      return { title: "There is no room for another", text: error.message, next: "again" };
    case "slow-down":
      return {
        title: "Too many tries",
        text: "Links that are not good came from here too often. Wait a little, then try again.",
        next: "again",
      };
    case "claimed":
      return {
        title: "This panel has an owner already",
        text:
          "Ask them for an invitation. If nobody can give you one: hold the button inside for ten seconds, and the panel shows a new link.",
        next: "another",
      };
    case "claim-void":
      return {
        title: "This link is void",
        text:
          "After five wrong tries, or once it was used, a link is worth nothing. Press the button inside: the panel shows a new one.",
        next: "another",
      };
    case "claim-wrong":
      return {
        title: "This is not the panel’s link",
        text:
          "It may be an older one. Use the link that the panel shows now; after five wrong tries press the button inside for a new one.",
        next: "another",
      };
    case "claim-busy":
      return {
        title: "Another device is just becoming the owner’s",
        text: "If that is not you, find out who is at the panel. Otherwise wait two minutes and try again.",
        next: "again",
      };
    case "claim-late":
      return {
        title: "Nobody pressed the button inside",
        text: "Two minutes are over. Go to the button, then start again; the link is still good.",
        next: "again",
      };
    case "unclaimed":
      return {
        title: "This panel has no owner yet",
        text: "Invitations come from an owner. The first one opens the link that the panel itself shows.",
        next: "another",
      };
    case "offline":
      return { title: "No answer from the panel", text: error.message, next: "again" };
    default:
      return {
        title: kind === "claim" ? "The panel is not yours yet" : "That did not work",
        text: error.message,
        next: "again",
      };
  }
}
