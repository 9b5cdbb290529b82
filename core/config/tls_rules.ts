import { isLoopback } from "./listen_address.ts";

/** What decides whether the panel speaks TLS, and by which certificate. */
export interface TlsSettings {
  host: string;
  port: number;
  tls: {
    mode: "auto" | "on" | "off";
    cert?: string | undefined;
    key?: string | undefined;
    redirectPort?: number | undefined;
  };
}

/** Plain HTTP is for loopback only. */
export function usesTls({ host, tls }: Pick<TlsSettings, "host" | "tls">): boolean {
  return tls.mode === "on" || (tls.mode === "auto" && !isLoopback(host));
}

/** What the settings say that can't be together: the field of `tls`, and what is allowed. */
export function tlsFaults(settings: TlsSettings): [field: keyof TlsSettings["tls"], message: string][] {
  const { host, port, tls } = settings;
  if (tls.mode === "off" && !isLoopback(host)) {
    return [["mode", `Must be auto or on where other machines can reach the panel: \`host\` is ${host}`]];
  }
  const faults: ReturnType<typeof tlsFaults> = [];
  if (tls.cert !== undefined && tls.key === undefined) faults.push(["key", "Must be given with `tls.cert`"]);
  if (tls.key !== undefined && tls.cert === undefined) faults.push(["cert", "Must be given with `tls.key`"]);
  if (tls.redirectPort !== undefined && tls.redirectPort === port) {
    faults.push(["redirectPort", "Must be another one than `port`"]);
  }
  if (usesTls(settings)) return faults;
  for (const field of ["cert", "redirectPort"] as const) {
    if (tls[field] !== undefined) faults.push([field, "Only where the panel speaks TLS: see `tls.mode`"]);
  }
  return faults;
}
