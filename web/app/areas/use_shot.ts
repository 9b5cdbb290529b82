/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import type { Definition } from "../../../plugins/camera/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import type { Home } from "../model/home.ts";

const PATH = "/api/v1/plugins/camera/snapshot";
const NONE = "There is no picture now. Areas can be drawn all the same.";
/** What has failed is tried again after this, ms. */
const RETRY_MS = 3_000;
const USUAL_RATIO = 16 / 9;

export interface Shot {
  /** Where the browser fetches it; undefined until that is known. */
  url: string | undefined;
  /** Width by height. */
  ratio: number;
  /** Why there is none. */
  fault: string | undefined;
  again(): void;
  loaded(picture: HTMLImageElement): void;
  failed(): void;
}

/** A picture of the camera, taken anew when `when` is another, and until there is one. */
export function useShot(home: Home, definition: Definition, when: string): Shot {
  const [turn, setTurn] = useState(0);
  const [url, setUrl] = useState<string>();
  const [ratio, setRatio] = useState(USUAL_RATIO);
  const [fault, setFault] = useState<string>();
  const [failures, setFailures] = useState(0);
  const again = () => setTurn((turn) => turn + 1);

  function failed(why = NONE): void {
    setUrl(undefined);
    setFault(why);
    setFailures((count) => count + 1);
  }

  useEffect(() => {
    let gone = false;
    home.api.client.post<{ url: string }>("/links", { path: PATH }).then(
      ({ url }) => gone || setUrl(`${url}&definition=${definition}`),
      (error) => gone || failed(messageOf(error)),
    );
    return () => void (gone = true);
  }, [home, definition, when, turn]);
  useEffect(() => {
    if (failures === 0) return;
    const timer = setTimeout(again, RETRY_MS);
    return () => clearTimeout(timer);
  }, [failures]);

  return {
    url,
    ratio,
    fault,
    again,
    loaded({ naturalWidth, naturalHeight }) {
      setFault(undefined);
      if (naturalWidth > 0) setRatio(naturalWidth / naturalHeight);
    },
    failed: () => failed(),
  };
}
