/** @param otherwise what else one may do: `, or …` */
type Sentence = (otherwise: string) => string;

const FAULTS: Record<string, Sentence> = {
  insecure: (otherwise) =>
    "Browsers let only pages that come over https use the microphone. Open this page by its https address" +
    `${otherwise}.`,
  NotAllowedError: (otherwise) =>
    "The browser does not let this page use the microphone. Allow it in the browser’s settings for this page" +
    `${otherwise}.`,
  NotFoundError: (otherwise) => `No microphone was found. Connect one${otherwise}.`,
};

/**
 * Why a microphone can't be used.
 * @param name of the reason, as browsers call it, or `insecure`
 * @param otherwise what else one may do: `, or …`
 */
export function microphoneFault(name: string, otherwise = ""): string {
  return FAULTS[name]?.(otherwise) ??
    `The microphone can’t be used now; another program may have it. Try again${otherwise}.`;
}
