/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Client, type Refusal } from "../../lib/api/client.ts";
import { type Device, forgetDevice, loadDevice } from "../../lib/api/device.ts";
import {
  codeIn,
  deviceName,
  type Names,
  pair,
  pairingIn,
  type PairingLink,
  takeFromAddress,
} from "../../lib/api/pairing.ts";
import { type ApiError, asRefusal } from "../../lib/api/problem.ts";
import { CodeEntry } from "./code_entry.tsx";
import { Failed } from "./failed.tsx";
import { useIdentity } from "./identity.ts";
import { NamesForm } from "./names_form.tsx";
import { Pairing } from "./pairing.tsx";
import { recognise } from "./recognise.ts";
import { Stranger } from "./stranger.tsx";
import { type Arrival, forgetUnderWay, noteUnderWay, underWay } from "./under_way.ts";
import { Welcome } from "./welcome_back.tsx";

type State =
  | { name: "looking" }
  | { name: "known"; device: Device; arrival?: Arrival }
  /** `fault` says why this browser can't be paired, `revoked` that the panel has known this device once. */
  | { name: "stranger"; fault?: string; revoked?: boolean }
  | { name: "naming"; link: PairingLink }
  | { name: "pairing"; waitMs?: number }
  | { name: "failed"; link: PairingLink; error: ApiError; again: () => void }
  | { name: "paired-already"; device: Device; memberName: string }
  | { name: "code"; text: string };

/** The page for a device that is paired with the panel, or the way in. */
export function Entry({ page }: { page(client: Client, arrival: Arrival): JSX.Element }): JSX.Element | null {
  const [state, setState] = useState<State>({ name: "looking" });
  const identity = useIdentity(state.name !== "known" && state.name !== "looking");
  const giveUp = useRef<() => void>(() => {});

  function begin(link: PairingLink, names: Names, arrival?: Arrival): void {
    giveUp.current();
    const stop = new AbortController();
    giveUp.current = () => stop.abort();
    setState({ name: "pairing" });
    noteUnderWay({ link, names, arrival });
    const waiting = (waitMs: number) =>
      setState((now) => now.name === "pairing" && now.waitMs === undefined ? { ...now, waitMs } : now);
    pair(link, names, { waiting, signal: stop.signal }).then(
      (device) => {
        forgetUnderWay();
        setState({ name: "known", device, arrival });
      },
      (reason: unknown) => {
        if (stop.signal.aborted) return;
        const error = asRefusal(reason);
        if (error.code !== "offline") forgetUnderWay();
        setState({ name: "failed", link, error, again: () => begin(link, names, arrival) });
      },
    );
  }

  /** On the panel's own machine the link is all it takes; elsewhere there are names to give first. */
  function arrive(link: PairingLink): void {
    if (link.kind === "claim" && isLoopback()) {
      return begin(link, { name: "Owner", deviceName: deviceName() }, "unnamed");
    }
    noteUnderWay({ link });
    setState({ name: "naming", link });
  }

  async function come(): Promise<void> {
    const link = takeFromAddress(pairingIn);
    const code = takeFromAddress(codeIn);
    const device = await loadDevice();
    if (code !== undefined) return setState({ name: "code", text: code });
    if (!device) {
      const begun = underWay();
      if (link) return arrive(link);
      if (!begun) return setState({ name: "stranger" });
      return begun.names ? begin(begun.link, begun.names, begun.arrival) : arrive(begun.link);
    }
    forgetUnderWay();
    if (!link) return setState({ name: "known", device });
    const { known, memberName } = await recognise(device);
    if (!known) return arrive(link);
    if (link.kind === "claim") return setState({ name: "known", device });
    setState({ name: "paired-already", device, memberName });
  }

  useEffect(() => {
    const start = () =>
      void come().catch((error: unknown) => setState({ name: "stranger", fault: asRefusal(error).message }));
    const arrived = () => {
      if (pairingIn(location.hash) ?? codeIn(location.hash)) start();
    };
    start();
    addEventListener("hashchange", arrived);
    return () => removeEventListener("hashchange", arrived);
  }, []);

  const device = state.name === "known" ? state.device : undefined;
  const client = useMemo(() => {
    if (!device) return undefined;
    const refused = (why: Refusal) => {
      // A panel without an owner may have its members again, as after a restore.
      if (why === "token-wrong") void forgetDevice();
      setState({ name: "stranger", revoked: true });
    };
    return new Client({ device, refused });
  }, [device]);

  const cancel = () => {
    giveUp.current();
    forgetUnderWay();
    setState({ name: "stranger" });
  };
  const byCode = () => setState({ name: "code", text: "" });
  switch (state.name) {
    case "looking":
      return null;
    case "known":
      return client ? page(client, state.arrival) : null;
    case "naming":
      return (
        <NamesForm
          identity={identity}
          link={state.link}
          onNames={(link, names) => begin(link, names)}
          onCancel={cancel}
        />
      );
    case "pairing":
      return <Pairing identity={identity} waitMs={state.waitMs} onCancel={cancel} />;
    case "failed": {
      const { link, error, again } = state;
      return (
        <Failed
          identity={identity}
          error={error}
          kind={link.kind}
          onAgain={again}
          onLink={arrive}
        />
      );
    }
    case "paired-already": {
      const { device, memberName } = state;
      return (
        <Welcome
          identity={identity}
          memberName={memberName}
          onGo={() => setState({ name: "known", device })}
        />
      );
    }
    case "code":
      return <CodeEntry identity={identity} text={state.text} onBack={() => void come()} />;
    case "stranger":
      return (
        <Stranger
          identity={identity}
          fault={state.fault}
          revoked={state.revoked ?? false}
          onLink={arrive}
          onCode={byCode}
        />
      );
  }
}

function isLoopback(): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
}
