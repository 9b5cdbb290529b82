/// <reference lib="dom" />

/** Saves what is seen now as a file: nothing is asked of the panel. */
export async function savePicture(video: HTMLVideoElement): Promise<void> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  if (!blob) throw new Error("The picture can’t be saved");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `door ${nameOf(new Date())}.jpg`;
  link.click();
  // The download has begun by then, and no other page can use the address.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** In local time, as files may be called everywhere: `2026-06-01 14-40-07`. */
function nameOf(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", "-");
}
