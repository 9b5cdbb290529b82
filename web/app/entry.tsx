/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Client } from "../lib/api/client.ts";
import { forgetToken, keepToken, takeToken } from "../lib/api/token.ts";
import { App } from "./app.tsx";
import { Home } from "./model/home.ts";
import { PanelApi } from "./model/api.ts";
import { SignIn } from "./sign_in.tsx";

/** The page with a token, or the way to get one. */
export function Entry(): JSX.Element {
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

  const home = useMemo(() => {
    if (token === undefined) return undefined;
    const turnAway = () => {
      forgetToken();
      setToken(undefined);
      setRefused(true);
    };
    return new Home(new PanelApi(new Client({ token, refused: turnAway })));
  }, [token]);

  if (home) return <App home={home} key={token} />;
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
