/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Client } from "./api/client.ts";
import { forgetToken, keepToken, takeToken } from "./api/token.ts";
import { SignIn } from "./sign_in.tsx";

/** A page for one who has a token, or the way to get one. */
export function Entry({ page }: { page(client: Client): JSX.Element }): JSX.Element {
  const [token, setToken] = useState(takeToken);
  const [refused, setRefused] = useState(false);

  useEffect(() => {
    const arrived = () => {
      const fresh = location.hash.includes("token=") ? takeToken() : undefined;
      if (fresh !== undefined) setToken(fresh);
    };
    addEventListener("hashchange", arrived);
    return () => removeEventListener("hashchange", arrived);
  }, []);

  const client = useMemo(() => {
    if (token === undefined) return undefined;
    const turnAway = () => {
      forgetToken();
      setToken(undefined);
      setRefused(true);
    };
    return new Client({ token, refused: turnAway });
  }, [token]);

  if (client) return page(client);
  return (
    <SignIn
      refused={refused}
      onToken={(fresh) => {
        keepToken(fresh);
        setRefused(false);
        setToken(fresh);
      }}
    />
  );
}
