import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Client, type Refusal } from "./api/client.ts";
import { type Device, forgetDevice, loadDevice } from "./api/device.ts";
import { Icon } from "./ui/icons.tsx";
import { Threshold } from "./ui/threshold.tsx";

/** A page beside the household's, for a device that is paired; any other is shown where that is done. */
export function Known({ page }: { page(client: Client): JSX.Element }): JSX.Element | null {
  const [device, setDevice] = useState<Device | "looking" | "none">("looking");
  useEffect(() => {
    loadDevice().then((found) => setDevice(found ?? "none"), () => setDevice("none"));
  }, []);
  const client = useMemo(() => {
    if (typeof device === "string") return undefined;
    const refused = (why: Refusal) => {
      if (why === "token-wrong") void forgetDevice();
      setDevice("none");
    };
    return new Client({ device, refused });
  }, [device]);
  if (client) return page(client);
  if (device === "looking") return null;
  return (
    <Threshold icon="key" heading="This device is not paired">
      <p class="soft">
        This page is for a device that the panel knows. Pairing begins on the household’s page.
      </p>
      <a class="button primary" href="/">
        <Icon name="home" size={20} /> The household’s page
      </a>
    </Threshold>
  );
}
