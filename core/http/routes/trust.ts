import { X509Certificate } from "node:crypto";
import { LatchkeyError } from "../../errors.ts";
import { trustProfile } from "../../tls/profile.ts";
import type { ApiDeps } from "../deps.ts";
import { rawRoute } from "../raw_route.ts";
import type { Route } from "../route.ts";

/** The panel's authority, for devices that are to trust it. */
export function trustRoutes({ rootCertificate, identity, panel }: ApiDeps): Route[] {
  /** @throws {LatchkeyError} `no-authority` */
  function root(): string {
    if (rootCertificate !== undefined) return rootCertificate;
    throw new LatchkeyError(
      "no-authority",
      "This panel has no authority of its own: it speaks plain HTTP, or its owner brought a certificate",
      { status: 404 },
    );
  }

  const der = () => new Uint8Array(new X509Certificate(root()).raw);
  const attached = (name: string) => ({ "content-disposition": `attachment; filename="${name}"` });
  const file = (path: string, summary: string, produces: string, answer: () => Response) =>
    rawRoute({
      path,
      access: "anyone",
      tag: "pairing",
      summary,
      produces,
      refusals: { 404: "The panel has no authority of its own" },
      respond() {
        const response = answer();
        response.headers.set("content-type", produces);
        return response;
      },
    });

  return [
    file(
      "/root.pem",
      "The certificate to trust, as PEM",
      "application/x-pem-file",
      () => new Response(root(), { headers: attached("latchkey-root.pem") }),
    ),
    file(
      "/root.crt",
      "The certificate to trust, as Android and Windows install it",
      "application/x-x509-ca-cert",
      () => new Response(der(), { headers: attached("latchkey-root.crt") }),
    ),
    file(
      "/root.mobileconfig",
      "The certificate to trust, as a profile for iOS and macOS",
      "application/x-apple-aspen-config",
      () => new Response(trustProfile({ name: panel.name, deviceId: identity().deviceId, der: der() })),
    ),
  ];
}
