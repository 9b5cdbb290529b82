import type { CameraSpec, Source } from "../spec.ts";

/** A camera as it comes, with nothing done to its picture. */
export function cameraSpec(change: Partial<CameraSpec> = {}): CameraSpec {
  return {
    id: "front",
    source: { kind: "simulated", native: "quad-hd", sound: true },
    fps: 25,
    image: { brightness: 0, contrast: 0, flip: "none", night: false },
    overlay: { name: null, time: false },
    privacyAreas: [],
    zone: "UTC",
    ...change,
  };
}

export const RTSP: Source = {
  kind: "rtsp",
  url: "rtsp://user:secret@10.0.0.9/main",
  transport: "tcp",
  native: "full-hd",
  sound: true,
};
