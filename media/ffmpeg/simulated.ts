import type { Size } from "../spec.ts";
import { literal } from "./filters.ts";

/** Bits of the time in the picture; with 16 it begins anew after 65.5 s. */
export const TIME_BITS = 16;
/** Of the picture's width. */
const STRIP = { cell: 1 / 64, left: 1 / 32, top: 3 / 16 };

/** A doorstep at dusk on which somebody walks up and down; drawn small, since most of it is soft anyway. */
export function sceneInput({ width, height }: Size, fps: number): string {
  const sky =
    "gradients=size=320x180:c0=0x2b4a5e:c1=0xd9a066:nb_colors=2:x0=0:y0=0:x1=40:y1=160:speed=0.00001";
  const house = [
    box(0, 126, 320, 54, "0x3a4a42"),
    box(120, 126, 80, 54, "0x77817a"),
    box(0, 40, 22, 90, "0x1d2b26"),
    box(298, 40, 22, 90, "0x1d2b26"),
  ];
  const walk = (width: number) => `x='160-${width / 2}+120*sin(t/2)'`;
  const step = "3*abs(sin(t*5))";
  return [
    `${[`${sky}:rate=${fps}`, "format=yuv420p", ...house].join(",")}[scene]`,
    `color=size=22x50:rate=${fps}:color=0x22313a,format=yuv420p[coat]`,
    `color=size=12x14:rate=${fps}:color=0xd8a98a,format=yuv420p[face]`,
    `[scene][coat]overlay=${walk(22)}:y='92+${step}'[dressed]`,
    `[dressed][face]overlay=${walk(12)}:y='78+${step}',scale=${width}:${height}:flags=bilinear`,
  ].join(";");
}

/**
 * The time at which a picture was made, for people in digits and for programs in a row of 16 squares below
 * them: milliseconds of the wall clock, the lowest bit on the left, white for one.
 */
export function clockFilters({ width, height }: Size, canWrite: boolean): string[] {
  const cell = width * STRIP.cell;
  const [left, top] = [width * STRIP.left, height * STRIP.top];
  const square = (bit: number) =>
    `${box(left + bit * cell, top, cell, cell, "white")}:enable='mod(floor(t*1000/${2 ** bit})\\,2)'`;
  return [
    "settb=AVTB",
    "setpts=time(0)/TB",
    box(left - cell / 2, top - cell / 2, cell * (TIME_BITS + 1), cell * 2, "black"),
    ...Array.from({ length: TIME_BITS }, (_, bit) => square(bit)),
    ...(canWrite ? [digits(height)] : []),
    "setpts=PTS-STARTPTS",
  ];
}

/** Where each bit of the time is read, lowest first: pixels of a picture of this size. */
export function timeCells({ width, height }: { width: number; height: number }): { x: number; y: number }[] {
  const cell = width * STRIP.cell;
  return Array.from({ length: TIME_BITS }, (_, bit) => ({
    x: Math.floor(width * STRIP.left + (bit + 0.5) * cell),
    y: Math.floor(height * STRIP.top + cell / 2),
  }));
}

function digits(height: number): string {
  return [
    `drawtext=text=${literal("%{localtime:%H\\:%M\\:%S}")}`,
    `font=Sans:fontcolor=white:fontsize=${Math.round(height / 9)}`,
    `x=h/16:y=h/16`,
  ].join(":");
}

function box(x: number, y: number, w: number, h: number, color: string): string {
  return `drawbox=x=${x}:y=${y}:w=${w}:h=${h}:color=${color}:t=fill`;
}
