import type { z } from "zod";

/** What a form makes of a setting beyond its type and its description. */
export interface FormHints {
  /** What it is called; its name in words unless given. */
  title?: string;
  /** What its choices are called, by their values; a choice without one is shown as it is. */
  names?: Readonly<Record<string, string>>;
  /** The form has it only while each of these settings beside it has one of these values. */
  when?: Readonly<Record<string, readonly (string | boolean)[]>>;
  /** Whether it is hidden while it is typed, as a password is. */
  secret?: boolean;
  /**
   * What sets it in place of what its type has: a choice among the doors there are, the times of a week, or, where it is
   * set at the camera's picture, nothing in the form.
   */
  control?: "access-point" | "week" | "picture";
}

/** These as part of a setting's schema: `z.enum(["tcp", "udp"]).meta(formHints({ title: "Sent by" }))`. */
export function formHints({ title, names, when, secret, control }: FormHints): z.GlobalMeta {
  return {
    ...(title === undefined ? {} : { title }),
    ...(names === undefined ? {} : { "x-names": names }),
    ...(when === undefined ? {} : { "x-when": when }),
    ...(secret === true ? { format: "password" } : {}),
    ...(control === undefined ? {} : { "x-control": control }),
  };
}
