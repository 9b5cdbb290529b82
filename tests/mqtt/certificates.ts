import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Files {
  cert: string;
  key: string;
}

/** An authority as a household makes one for its broker, by openssl. */
export class BrokerAuthority {
  readonly dir: string = mkdtempSync(join(tmpdir(), "latchkey-ca-"));
  readonly ca: Files;
  readonly #openssl: string;

  constructor(openssl: string) {
    this.#openssl = openssl;
    this.ca = { cert: join(this.dir, "ca.pem"), key: join(this.dir, "ca.key") };
    this.#run("req", "-x509", ...this.#newKey(this.ca), "-subj", "/CN=House", "-days", "2");
  }

  /** A certificate for a server of these names, or for a client that is called so. */
  sign(name: string, names = ""): Files {
    const files = { cert: join(this.dir, `${name}.pem`), key: join(this.dir, `${name}.key`) };
    const request = join(this.dir, `${name}.csr`);
    const extensions = join(this.dir, `${name}.ext`);
    writeFileSync(extensions, names === "" ? "extendedKeyUsage=clientAuth\n" : `subjectAltName=${names}\n`);
    this.#run("req", ...this.#newKey({ ...files, cert: request }), "-subj", `/CN=${name}`);
    const by = ["-CA", this.ca.cert, "-CAkey", this.ca.key, "-CAcreateserial"];
    this.#run(
      "x509",
      "-req",
      "-in",
      request,
      "-out",
      files.cert,
      ...by,
      "-days",
      "2",
      "-extfile",
      extensions,
    );
    return files;
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true });
  }

  #newKey({ cert, key }: Files): string[] {
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert];
  }

  #run(...args: string[]): void {
    execFileSync(this.#openssl, args, { stdio: ["ignore", "ignore", "pipe"] });
  }
}
