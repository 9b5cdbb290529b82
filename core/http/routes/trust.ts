import { Buffer } from "node:buffer";
import { LatchkeyError } from "../../errors.ts";
import type { ApiDeps } from "../deps.ts";
import { rawRoute } from "../raw_route.ts";
import type { Route } from "../route.ts";

/** The panel's authority, for devices that are to trust it. */
export function trustRoutes({ rootCertificate }: ApiDeps): Route[] {
  /** @throws {LatchkeyError} `tls-off` */
  function root(): string {
    if (rootCertificate !== undefined) return rootCertificate;
    throw new LatchkeyError("tls-off", "This panel speaks plain HTTP: there is no certificate to trust", {
      status: 404,
    });
  }

  const answer = (body: string | Uint8Array<ArrayBuffer>, type: string, name: string) =>
    new Response(body, {
      headers: { "content-type": type, "content-disposition": `attachment; filename="${name}"` },
    });

  return [
    rawRoute({
      path: "/root.pem",
      access: "anyone",
      tag: "pairing",
      summary: "The certificate to trust, as PEM",
      produces: "application/x-pem-file",
      refusals: { 404: "The panel speaks plain HTTP" },
      respond: () => answer(root(), "application/x-pem-file", "latchkey-root.pem"),
    }),
    rawRoute({
      path: "/root.crt",
      access: "anyone",
      tag: "pairing",
      summary: "The certificate to trust, as phones install it",
      produces: "application/x-x509-ca-cert",
      refusals: { 404: "The panel speaks plain HTTP" },
      respond() {
        const base64 = root().replace(/-----[^-]+-----/g, "");
        return answer(
          new Uint8Array(Buffer.from(base64, "base64")),
          "application/x-x509-ca-cert",
          "latchkey-root.crt",
        );
      },
    }),
  ];
}
