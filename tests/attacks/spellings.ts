type Respell = (path: string) => string;

/** The path up to its last part, and that. */
function split(path: string): [head: string, tail: string] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, at), path.slice(at + 1)];
}

const atTail = (change: (head: string, tail: string) => string): Respell => (path) => change(...split(path));

/** Other ways to spell a path that some server, proxy or file system takes for the same one. Here they are nobody's. */
export const FOREIGN_SPELLINGS: Record<string, Respell> = {
  "slash at the end": (path) => `${path}/`,
  "two slashes at the end": (path) => `${path}//`,
  "slash twice": atTail((head, tail) => `${head}//${tail}`),
  "slash twice in front": (path) => `/${path}`,
  "host in front": (path) => `//127.0.0.1${path}`,
  "foreign host in front": (path) => `//evil.example${path}`,
  "dot at the end": (path) => `${path}.`,
  "encoded dot at the end": (path) => `${path}%2e`,
  "file extension": (path) => `${path}.json`,
  "tilde": (path) => `${path}~`,
  "capitals": (path) => path.toUpperCase(),
  "a capital": (path) => path.replace(/[a-z](?=[^/]*$)/, (letter) => letter.toUpperCase()),
  "capital base": (path) => path.replace("/api/v1", "/API/v1"),
  "encoded letter": atTail((head, tail) => `${head}/%${tail.charCodeAt(0).toString(16)}${tail.slice(1)}`),
  "encoded twice": atTail((head, tail) => `${head}/%25${tail.charCodeAt(0).toString(16)}${tail.slice(1)}`),
  "encoded slash": atTail((head, tail) => `${head}%2f${tail}`),
  "encoded slash in capitals": atTail((head, tail) => `${head}%2F${tail}`),
  "slash encoded twice": atTail((head, tail) => `${head}%252f${tail}`),
  "encoded slash at the end": (path) => `${path}%2f`,
  "every slash encoded": (path) => `/${path.slice(1).replaceAll("/", "%2f")}`,
  "backslash": atTail((head, tail) => `${head}\\${tail}`),
  "encoded backslash": atTail((head, tail) => `${head}%5c${tail}`),
  "parameter": (path) => `${path};a=b`,
  "empty parameter": (path) => `${path};`,
  "parameter in the middle": atTail((head, tail) => `${head};a=b/${tail}`),
  "encoded parameter": (path) => `${path}%3ba=b`,
  "parent with parameter": atTail((head, tail) => `${head}/x/..;/${tail}`),
  "NUL": (path) => `${path}\0`,
  "encoded NUL": (path) => `${path}%00`,
  "encoded NUL and extension": (path) => `${path}%00.html`,
  "blank": (path) => `${path} `,
  "encoded blank": (path) => `${path}%20`,
  "plus": (path) => `${path}+`,
  "tab": (path) => `${path}\t`,
  "encoded line break": (path) => `${path}%0d%0a`,
  "encoded question mark": (path) => `${path}%3f`,
  "encoded hash": (path) => `${path}%23`,
  "full width letter": atTail((head, tail) => `${head}/\uff53${tail.slice(1)}`),
  "encoded full width slash": atTail((head, tail) => `${head}%ef%bc%8f${tail}`),
  "overlong slash": atTail((head, tail) => `${head}%c0%af${tail}`),
  "half an encoding": (path) => `${path}%`,
  "wrong encoding": (path) => `${path}%zz`,
  "combining accent": (path) => `${path}%cc%81`,
  "open route and encoded parent": (path) => `/api/v1/health%2f..%2f..${path}`,
  "open route and parent with parameter": (path) => `/api/v1/health/..;${path}`,
  "file and encoded slash": (path) => `/index.html%2f..${path}`,
  "below itself": (path) => `${path}${path}`,
  "as a plugin of that name": (path) => path.replace("/api/v1", "/api/v1/plugins/core"),
  "a plugin without a name": (path) => path.replace("/api/v1", "/api/v1/plugins/"),
  "without its base": (path) => path.replace("/api/v1", ""),
  "another version": (path) => path.replace("/api/v1", "/api/v2"),
  "no slash in front": (path) => path.slice(1),
  "star": () => "*",
  "authority": () => "127.0.0.1:80",
  "another scheme": (path) => `file://127.0.0.1${path}`,
  "scheme in capitals": (path) => `HTTP://127.0.0.1${path}`,
  "foreign address": (path) => `http://evil.example${path}`,
};

/** Ways that by the rules of URLs mean the same path: decided as that is. */
export const SAME_SPELLINGS: Record<string, Respell> = {
  "as it is": (path) => path,
  "dot segment": atTail((head, tail) => `${head}/./${tail}`),
  "parent of an open route": (path) => `/api/v1/health/../../..${path}`,
  "encoded parent of an open route": (path) => `/api/v1/docs/%2e%2e/.%2E/..${path}`,
  "parent of a page": (path) => `/index.html/..${path}`,
  "above the top": (path) => `/../../..${path}`,
};
