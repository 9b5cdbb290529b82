/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Client } from "./api/client.ts";
import { type Device, forgetDevice, loadDevice } from "./api/device.ts";
import { pair, type PairingLink, takePairing } from "./api/pairing.ts";
import { messageOf } from "./api/problem.ts";
import { SignIn } from "./sign_in.tsx";

type State =
  | { name: "looking" }
  | { name: "known"; device: Device }
  /** `fault` says why the last try failed, `revoked` that the panel has known this device once. */
  | { name: "stranger"; fault?: string; revoked?: boolean }
  | { name: "pairing"; waiting: boolean };

/** A page for a device that is paired with the panel, or the way to pair it. */
export function Entry({ page }: { page(client: Client): JSX.Element }): JSX.Element | null {
  const [state, setState] = useState<State>({ name: "looking" });
  const [link, setLink] = useState<PairingLink | undefined>(takePairing);

  function enter(fresh: PairingLink): void {
    setState({ name: "pairing", waiting: false });
    setLink(undefined);
    pair(fresh, () => setState({ name: "pairing", waiting: true })).then(
      (device) => setState({ name: "known", device }),
      (error: unknown) => setState({ name: "stranger", fault: messageOf(error) }),
    );
  }

  useEffect(() => {
    loadDevice().then(
      (device) => {
        if (device) setState({ name: "known", device });
        else if (link) enter(link);
        else setState({ name: "stranger" });
      },
      (error: unknown) => setState({ name: "stranger", fault: messageOf(error) }),
    );
    const arrived = () => {
      const fresh = takePairing();
      if (fresh) enter(fresh);
    };
    addEventListener("hashchange", arrived);
    return () => removeEventListener("hashchange", arrived);
  }, []);

  const device = state.name === "known" ? state.device : undefined;
  const client = useMemo(() => {
    if (!device) return undefined;
    return new Client({
      device,
      refused(why) {
        // A panel without an owner may have its members again, as after a restore.
        if (why === "token-wrong") void forgetDevice();
        if (link) enter(link);
        else setState({ name: "stranger", revoked: true });
      },
    });
  }, [device]);

  if (client) return page(client);
  switch (state.name) {
    case "pairing":
      return <SignIn busy={state.waiting ? "waiting" : "pairing"} onLink={enter} />;
    case "stranger":
      return <SignIn fault={state.fault} revoked={state.revoked} onLink={enter} />;
    default:
      return null;
  }
}
