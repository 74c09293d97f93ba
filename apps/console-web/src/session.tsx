// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { ask, askForFile, doubts, Refusal } from './api/ask.ts';
import type { Role, Session } from './api/shapes.ts';

const Context = createContext<Session | null>(null);
const KEY = ['session'];

/** Who is signed in; to be used where somebody is. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === null) throw new Error('nobody is signed in');
  return session;
}

const MORE: Record<Role, readonly Role[]> = {
  reader: ['reader', 'auditor', 'decider', 'operator'],
  auditor: ['auditor'],
  decider: ['decider', 'operator'],
  operator: ['operator'],
};
/** Whether who is signed in may do what that role may. */
export const may = ({ role }: Session, least: Role): boolean => MORE[least].includes(role);

/** Asks once more where the token had run out, as it does while a computer sleeps. */
function useToken() {
  const client = useQueryClient();
  const { token } = useSession();
  return async <Answer,>(asking: (token: string) => Promise<Answer>): Promise<Answer> => {
    try {
      return await asking(token);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401) throw error;
      await client.refetchQueries({ queryKey: KEY });
      const renewed = client.getQueryData<Session>(KEY)?.token;
      if (renewed === undefined) throw error;
      return await asking(renewed);
    }
  };
}

/** Asks the API as who is signed in. */
export function useApi() {
  const byToken = useToken();
  return <Answer,>(method: string, path: string, body?: object) =>
    byToken((token) => ask<Answer>(method, path, { token, ...(body === undefined ? {} : { body }) }));
}

/** Asks it for what is no JSON. */
export function useFiles() {
  const byToken = useToken();
  return (path: string, signal?: AbortSignal) => byToken((token) => askForFile(path, token, signal));
}

/** Whether somebody did anything since the session was renewed last. */
let isUsed = true;
const note = () => {
  isUsed = true;
};

/** Shows `children` to who is signed in, and `otherwise` to everybody else; null where that is not known yet. */
export function SignedIn({
  children,
  otherwise,
}: {
  children: ReactNode;
  otherwise: (error: unknown) => ReactNode;
}) {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const before = client.getQueryData<Session>(KEY);
      if (before === undefined) return ask<Session>('GET', '/console/v1/session', { signal });
      const used = isUsed;
      isUsed = false;
      return ask<Session>('POST', '/console/v1/session', { body: { used }, signal });
    },
    // Before the token runs out; and soon again where the gateway was away.
    refetchInterval: ({ state }) =>
      state.data === undefined ? false : state.error === null ? state.data.tokenSeconds * 500 : 5_000,
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: 'always',
  });
  useEffect(() => {
    const doubt = () => void client.invalidateQueries({ queryKey: KEY });
    doubts.addEventListener('doubt', doubt);
    for (const act of ['pointerdown', 'keydown', 'scroll'] as const)
      addEventListener(act, note, { passive: true, capture: true });
    return () => {
      doubts.removeEventListener('doubt', doubt);
      for (const act of ['pointerdown', 'keydown', 'scroll'] as const) removeEventListener(act, note, true);
    };
  }, [client]);
  const sessionId = data?.sessionId;
  const [first, setFirst] = useState(sessionId);
  if (first === undefined && sessionId !== undefined) setFirst(sessionId);
  const isOther = first !== undefined && sessionId !== undefined && first !== sessionId;
  useEffect(() => {
    // Somebody else signed in, in another tab: nothing of what one was shown stays for the other.
    if (isOther) location.assign('/console/');
  }, [isOther]);
  const isOver = error instanceof Refusal && error.status === 401;
  useEffect(() => {
    // What was shown to one is not shown to the next.
    if (isOver)
      client.removeQueries({ predicate: ({ queryKey: [what] }) => what !== KEY[0] && what !== 'ways' });
  }, [isOver, client]);
  if (isOver || (data === undefined && error !== null)) return otherwise(error);
  if (data === undefined || isOther) return null;
  return <Context value={data}>{children}</Context>;
}

/** Looks again who is signed in, from nothing. */
export function useSignedInAnew() {
  const client = useQueryClient();
  return () => client.resetQueries({ queryKey: KEY });
}

/** The page is loaded anew: nothing of what was shown is left in it. */
export async function signOut(): Promise<void> {
  await ask('DELETE', '/console/v1/session');
  location.assign('/console/');
}
