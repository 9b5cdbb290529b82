import { useEffect, useState } from "preact/hooks";
import { askIdentity, type Identity } from "../../lib/api/open.ts";

/** Asked again after this where the panel did not answer, and while it has no owner, ms. */
const AGAIN_MS = 3_000;

/** What a stranger may know of the panel, as far as it is known; asked for while it is `wanted`. */
export function useIdentity(wanted: boolean): Identity | undefined {
  const [identity, setIdentity] = useState<Identity>();
  const settled = identity?.claimed === true;
  useEffect(() => {
    if (!wanted || settled) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function ask(): Promise<void> {
      const answer = await askIdentity().catch(() => undefined);
      if (gone) return;
      if (answer) setIdentity(answer);
      if (!answer?.claimed) timer = setTimeout(() => void ask(), AGAIN_MS);
    }
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [wanted, settled]);
  return identity;
}
