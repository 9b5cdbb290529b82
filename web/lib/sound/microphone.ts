/// <reference lib="dom" />
import { microphoneFault } from "../words/microphone.ts";

/**
 * The microphone of this device.
 * @param otherwise what else one may do where there is none: `, or …`
 * @throws {Error} why there is none, in words for the household
 */
export async function openMicrophone(otherwise = ""): Promise<MediaStream> {
  // Browsers give it to pages over https, and to those of the machine itself.
  if (!navigator.mediaDevices) throw new Error(microphoneFault("insecure", otherwise));
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    throw new Error(microphoneFault(error instanceof DOMException ? error.name : "", otherwise));
  }
}

export function closeMicrophone(media: MediaStream | undefined): void {
  media?.getTracks().forEach((track) => track.stop());
}
