/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import type { Definition } from "../../../plugins/camera/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import type { Home } from "../model/home.ts";

const PATH = "/api/v1/plugins/camera/snapshot";
const NONE = "There is no picture now. Areas can be drawn all the same.";
const USUAL_RATIO = 16 / 9;

export interface Shot {
  /** Where the browser fetches it; undefined until that is known. */
  url: string | undefined;
  /** Width by height. */
  ratio: number;
  fault: string | undefined;
  again(): void;
  loaded(picture: HTMLImageElement): void;
  failed(): void;
}

/** A picture of the camera, taken anew when `when` is another. */
export function useShot(home: Home, definition: Definition, when: string): Shot {
  const [turn, setTurn] = useState(0);
  const [url, setUrl] = useState<string>();
  const [ratio, setRatio] = useState(USUAL_RATIO);
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    let gone = false;
    setFault(undefined);
    home.api.client.post<{ url: string }>("/links", { path: PATH }).then(
      ({ url }) => gone || setUrl(`${url}&definition=${definition}`),
      (error) => gone || setFault(messageOf(error)),
    );
    return () => void (gone = true);
  }, [home, definition, when, turn]);
  return {
    url,
    ratio,
    fault,
    again: () => setTurn((turn) => turn + 1),
    loaded({ naturalWidth, naturalHeight }) {
      if (naturalWidth > 0) setRatio(naturalWidth / naturalHeight);
    },
    failed() {
      setUrl(undefined);
      setFault(NONE);
    },
  };
}
