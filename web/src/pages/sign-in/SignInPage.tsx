import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useClient } from "@/client/ClientContext";
import { Mark } from "@/frame/Mark";
import { tourSetting } from "@/frame/tour/tour";
import { Button } from "@/parts/Button";
import { ProblemNotice } from "@/parts/Notice";
import styles from "./SignInPage.module.css";

/** How a sign-in link holds its code: behind the #, which a browser never sends to a server by itself. */
const CODE = /^#code=([^&]+)$/;

/** Lets people in: by an identity provider, by a token, or by the code of a link. */
export function SignInPage() {
  const { returnTo = "/", tour } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const client = useClient();
  const queries = useQueryClient();
  const [token, setToken] = useState("");
  const ways = useQuery({ queryKey: ["ways-in"], queryFn: () => client.waysIn() });
  const signIn = useMutation({
    mutationFn: (credential: { token: string } | { code: string }) => client.signIn(credential),
    onSuccess: async () => {
      if (tour !== undefined) tourSetting.set("1");
      await queries.resetQueries();
      await navigate({ href: returnTo, replace: true });
    },
  });
  const { mutate } = signIn;
  useEffect(() => {
    const code = CODE.exec(location.hash)?.[1];
    if (code === undefined) return;
    // A code is good once; neither the history nor a copied address should hold it.
    history.replaceState(history.state, "", location.pathname + location.search);
    mutate({ code: decodeURIComponent(code) });
  }, [mutate]);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <h1 className={styles.title}>
          <Mark /> Annals
        </h1>
        <p>Everything that happened, and the proof that nothing of it was altered.</p>
        {ways.data?.provider === true && (
          <a className={styles.provider} href={client.providerAddress(returnTo)}>
            Sign in
          </a>
        )}
        {ways.data?.needed === false ? (
          <Button look="primary" onPress={() => void navigate({ href: returnTo, replace: true })}>
            Go in
          </Button>
        ) : (
          <form
            className={styles.form}
            onSubmit={(submit) => {
              submit.preventDefault();
              mutate({ token });
            }}
          >
            <label>
              Token
              <textarea
                rows={3}
                value={token}
                onChange={(change) => setToken(change.target.value)}
                placeholder="eyJ…"
                spellCheck={false}
                autoComplete="off"
              />
            </label>
            <Button type="submit" look="primary" isDisabled={token.trim() === "" || signIn.isPending}>
              {signIn.isPending ? "Signing in" : "Sign in with a token"}
            </Button>
          </form>
        )}
        {signIn.error !== null && <ProblemNotice error={signIn.error} />}
      </div>
    </main>
  );
}
