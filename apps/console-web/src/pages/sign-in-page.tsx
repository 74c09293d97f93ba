// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useSearchParams } from 'react-router';
import { ask } from '../api/ask.ts';
import type { Ways } from '../api/shapes.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { keepPlace } from '../parts/kept-place.ts';
import { useSignedInAnew } from '../session.tsx';

const REFUSED: Record<string, string> = {
  ended: 'That took too long, or was begun in another browser. Sign in again.',
  provider:
    'What your organisation’s sign-in answered could not be taken. Try again; if it goes on, tell who runs the gateway.',
  role: 'You are signed in at your organisation, but have no role here. Ask who runs the gateway for one.',
  'too-many': 'Too much was tried from your network. Wait ten minutes, and sign in again.',
  away: 'The gateway could not sign you in just now. Try again in a while.',
};

/** How somebody of an organisation signs in. */
export function SignInPage() {
  const [search] = useSearchParams();
  const refused = REFUSED[search.get('refused') ?? ''];
  const [organisation, setOrganisation] = useState<string | null>(null);
  const { data: ways, error } = useQuery({
    queryKey: ['ways', organisation],
    queryFn: () =>
      ask<Ways>(
        'GET',
        `/console/v1/ways${organisation === null ? '' : `?organisation=${encodeURIComponent(organisation)}`}`,
      ),
  });
  return (
    <Page title="Sign in to the console">
      {refused !== undefined && (
        <p role="alert" className="wrong">
          {refused}
        </p>
      )}
      <Problem error={error} />
      {ways?.organisation && ways.openIdConnect !== null && (
        <ByProvider organisation={ways.organisation.id} name={ways.openIdConnect} />
      )}
      {ways?.organisation && ways.openIdConnect === null && !ways.passwords && (
        <p>Nobody of {ways.organisation.name} may use the console yet.</p>
      )}
      {(ways?.organisation === null || (error !== null && organisation !== null)) && (
        <Organisation onChosen={setOrganisation} />
      )}
      {ways?.passwords && <ByPassword />}
    </Page>
  );
}

function Organisation({ onChosen }: { onChosen: (name: string) => void }) {
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('organisation');
    if (typeof name === 'string' && name.trim() !== '') onChosen(name.trim());
  };
  return (
    <form onSubmit={onSubmit}>
      <h2>At your organisation</h2>
      <label>
        The domain of your organisation
        <input name="organisation" required autoComplete="organization" />
      </label>
      <button>Go on</button>
    </form>
  );
}

function ByProvider({ organisation, name }: { organisation: string; name: string }) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const { location: to } = await ask<{ location: string }>(
        'POST',
        '/console/v1/sign-ins/openid-connect',
        {
          body: { organisation },
        },
      );
      keepPlace();
      location.assign(to);
    },
  });
  return (
    <section>
      <button type="button" onClick={() => !isPending && mutate()}>
        Sign in with {name}
      </button>
      <Problem error={error} />
    </section>
  );
}

function ByPassword() {
  const again = useSignedInAnew();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (typed: { name: string; password: string }) =>
      ask('POST', '/console/v1/sign-ins/password', { body: typed }),
    onSuccess: again,
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const [name, password] = [typed.get('name'), typed.get('password')];
    if (!isPending && typeof name === 'string' && typeof password === 'string') mutate({ name, password });
  };
  return (
    <form onSubmit={onSubmit}>
      <h2>With an account of the gateway</h2>
      <Problem error={error} />
      <label>
        Name
        <input name="name" required autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </label>
      <label>
        Password
        <input name="password" type="password" required autoComplete="current-password" />
      </label>
      <button>{isPending ? 'Signing in …' : 'Sign in'}</button>
    </form>
  );
}
