// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { api, Refusal, Unreachable, type SignInAt } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { noteLink } from './last-link.ts';
import { Problem } from './problem.tsx';
import { keepAll } from './unkept.ts';

interface OpenIdSignInProps {
  /** Of the provider, as people know it. */
  name: string;
  where: SignInAt;
  /** It is what the page is for. */
  first?: boolean;
}

/** The button is gone, and with it the focus. */
const focus = (link: HTMLAnchorElement | null) => link?.focus();

/** Leads to another place to sign in, that the organisation trusts; in another tab where this one holds what is not kept. */
export function OpenIdSignIn({ name, where, first = false }: OpenIdSignInProps) {
  const { elsewhere: words, moreProof, problems } = useWords();
  const beginning = useMutation({
    mutationFn: async () => {
      const { location } = await api.beginOpenIdSignIn(where);
      // What can't be kept now would be lost with the page.
      const staysHere = !(await keepAll());
      if (!staysHere) {
        noteLink(where);
        globalThis.location.assign(location);
      }
      return { location, staysHere };
    },
  });
  if (beginning.error instanceof Refusal)
    return <Problem error={beginning.error} onTryAgain={() => beginning.reset()} />;
  if (beginning.data?.staysHere === true)
    return (
      <>
        <p role="alert">{words.otherTab(name)}</p>
        <p>
          {/* It leads there once. */}
          <a
            ref={focus}
            href={beginning.data.location}
            target="_blank"
            rel="noreferrer"
            onClick={() => beginning.reset()}
          >
            {words.openOtherTab(name)}
          </a>
        </p>
      </>
    );
  const isProviderAway =
    beginning.error instanceof Unreachable && beginning.error.kind === 'provider-unavailable';
  const fault = isProviderAway ? moreProof.away(name) : problems.unreachable.text;
  return (
    <>
      <Act
        second={!first}
        label={words.signIn(name)}
        onAct={() => beginning.mutate()}
        isPending={beginning.isPending}
      />
      <p role="alert">{beginning.isError ? fault : ''}</p>
    </>
  );
}
