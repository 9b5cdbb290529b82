import { type Area, type CameraSpec, compresses, type Definition, type Image, type Size } from "../spec.ts";

/**
 * What is done to each picture, one filter after the other. Privacy areas come first, on the picture as it came from
 * the camera: nothing behind them ever has what they cover.
 */
export function filtersOf(spec: CameraSpec, size: Size, canWrite: boolean): string[] {
  return [
    ...spec.privacyAreas.map(blackBox),
    `scale=-2:${size.height}:flags=bilinear`,
    ...imageFilters(spec.image),
    ...(canWrite ? overlayFilters(spec.overlay, size) : []),
    "format=yuv420p",
  ];
}

/** Whether the picture goes to viewers as the camera compressed it. */
export function isUntouched({ privacyAreas, image, overlay }: CameraSpec): boolean {
  return privacyAreas.length === 0 && imageFilters(image).length === 0 && overlay.name === null &&
    !overlay.time;
}

/** The definition that a camera compresses itself and that nothing is done to; undefined where there is none. */
export function passedThrough(spec: CameraSpec): Definition | undefined {
  return compresses(spec.source) && isUntouched(spec) ? spec.source.native : undefined;
}

/** Outwards to whole pairs of pixels: two share their colour. */
function blackBox({ x, y, width, height }: Area): string {
  const near = (of: string, at: number) => `floor(${of}*${at}/2000)*2`;
  const far = (of: string, at: number) => `ceil(${of}*${at}/2000)*2`;
  return [
    `drawbox=x=${near("iw", x)}`,
    `y=${near("ih", y)}`,
    `w=${far("iw", x + width)}-${near("iw", x)}`,
    `h=${far("ih", y + height)}-${near("ih", y)}`,
    "color=black:t=fill",
  ].join(":");
}

function imageFilters({ brightness, contrast, flip, night }: Image): string[] {
  return [
    ...(flip === "horizontal" || flip === "both" ? ["hflip"] : []),
    ...(flip === "vertical" || flip === "both" ? ["vflip"] : []),
    ...(brightness === 0 && contrast === 0
      ? []
      : [`eq=brightness=${brightness / 200}:contrast=${1 + contrast / (contrast < 0 ? 125 : 100)}`]),
    ...(night ? ["hue=s=0", "eq=gamma=1.6:contrast=1.1"] : []),
  ];
}

function overlayFilters({ name, time }: CameraSpec["overlay"], { height }: Size): string[] {
  const look = [
    "font=Sans",
    "fontcolor=white",
    `fontsize=${Math.round(height / 28)}`,
    "box=1",
    "boxcolor=black@0.5",
    `boxborderw=${Math.round(height / 120)}`,
  ];
  const place = (x: string) => [`x=${x}`, `y=h-th-${Math.round(height / 40)}`];
  const margin = String(Math.round(height / 40));
  return [
    ...(name === null
      ? []
      : [["drawtext=expansion=none", `text=${literal(name)}`, ...look, ...place(margin)].join(":")]),
    ...(time
      ? [
        [
          `drawtext=text=${literal("%{localtime:%Y-%m-%d %H\\:%M\\:%S}")}`,
          ...look,
          ...place(`w-tw-${margin}`),
        ]
          .join(":"),
      ]
      : []),
  ];
}

/** A value that stays what it is in a filter graph: it is read twice, as an option's value and as a part of the graph. */
export function literal(text: string): string {
  return text.replace(/[\\':]/g, "\\$&").replace(/[\\',;[\]]/g, "\\$&");
}
