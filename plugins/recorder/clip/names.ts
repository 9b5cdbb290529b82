import type { Cause, Clip } from "../model.ts";

/** A clip by its file's name, which says all that the index knows: from the names it is made anew. */
export interface NamedClip extends Omit<Clip, "bytes"> {
  name: string;
}

/** In a name of its own until it is over: what a crash leaves behind bears it. */
const UNFINISHED = ".part";
const SEALED = ".age";
const NAME = new RegExp(
  "^(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d)-(\\d\\d)-(\\d\\d)\\.(\\d{3})Z_(call|badge|motion|manual)_([0-9a-f]{32})" +
    "(?:_(\\d{1,9})ms)?(?:_of-([a-zA-Z0-9-]{1,60}))?(_keep)?\\.mp4(\\.age)?(\\.part)?$",
);

export function nameOf(clip: Omit<NamedClip, "name">): string {
  const at = new Date(clip.startedAt).toISOString().replaceAll(":", "-");
  return [
    `${at}_${clip.cause}_${clip.id}`,
    clip.ms === null ? "" : `_${Math.round(clip.ms)}ms`,
    clip.call === null ? "" : `_of-${clip.call}`,
    clip.protected ? "_keep" : "",
    ".mp4",
    clip.sealed ? SEALED : "",
    clip.ms === null ? UNFINISHED : "",
  ].join("");
}

/** Undefined where it is no clip's name. */
export function clipOf(name: string): NamedClip | undefined {
  const [, day, hour, minute, second, milli, cause, id = "", ms, call, keep, sealed, part] =
    NAME.exec(name) ?? [];
  const startedAt = Date.parse(`${day}T${hour}:${minute}:${second}.${milli}Z`);
  if (id === "" || Number.isNaN(startedAt)) return undefined;
  return {
    name,
    id,
    cause: cause as Cause,
    startedAt,
    ms: part === undefined ? Number(ms ?? 0) : null,
    call: call ?? null,
    protected: keep !== undefined,
    sealed: sealed !== undefined,
  };
}

/** The small picture that goes with it. */
export function thumbnailOf({ id, sealed }: Pick<Clip, "id" | "sealed">): string {
  return `${id}.jpg${sealed ? SEALED : ""}`;
}

/** Undefined where it is no small picture's name. */
export function clipIdOfThumbnail(name: string): string | undefined {
  return /^([0-9a-f]{32})\.jpg(\.age)?$/.exec(name)?.[1];
}
