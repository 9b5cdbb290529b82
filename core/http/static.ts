import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  webmanifest: "application/manifest+json",
};

/** Nothing from elsewhere, nothing inline, not inside another site's frame. */
const PAGE_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE_HEADERS = {
  "content-security-policy": PAGE_POLICY,
  "permissions-policy": "camera=(), geolocation=(), microphone=(self)",
};

/** A name with the hash of its content, as the build gives: `app-3KVJX2QD.js`. What it holds never changes. */
const HASHED = /-[A-Z0-9]{8}\.\w+$/;
const SEGMENT = /^[A-Za-z0-9_][\w.-]*$/;

export interface FileRequest {
  /** Where the files are. */
  dir: string;
  /** Below `dir`, with slashes: from a URL, so anything. */
  name: string;
  /** The header If-None-Match. */
  knownTag?: string | null;
}

/** A file of `dir` as a response; undefined where there is none that may be served. */
export async function serveFile({ dir, name, knownTag }: FileRequest): Promise<Response | undefined> {
  const type = TYPES[/\.(\w+)$/.exec(name)?.[1] ?? ""];
  const segments = name.split("/");
  if (!type || !segments.every((segment) => SEGMENT.test(segment))) return undefined;
  const content = await read(join(dir, ...segments));
  if (!content) return undefined;
  const headers = {
    ...PAGE_HEADERS,
    "content-type": type,
    "cache-control": HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
    "etag": `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`,
  };
  if (knownTag?.split(/,\s*/).includes(headers.etag)) return new Response(null, { status: 304, headers });
  return new Response(content, { headers });
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw error;
  }
}
