/// <reference lib="dom" />

const ASKED: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

/** @throws {Error} why there is none, in words for the household */
export async function openMicrophone(): Promise<MediaStream> {
  // Browsers give it to pages over https, and to those of the machine itself.
  if (!navigator.mediaDevices) {
    throw new Error(
      "Your browser lets no page use the microphone that comes without https. Open this page by https.",
    );
  }
  try {
    return await navigator.mediaDevices.getUserMedia(ASKED);
  } catch (error) {
    throw new Error(whyNone(error));
  }
}

function whyNone(error: unknown): string {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
      return "Your browser keeps this page from the microphone. Allow it beside the page’s address, and try again.";
    case "NotFoundError":
      return "This device has no microphone.";
    default:
      return "The microphone can’t be opened; another program may be using it.";
  }
}
