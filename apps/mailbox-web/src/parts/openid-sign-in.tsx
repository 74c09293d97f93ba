// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { api, type SignInAt } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { Problem } from './problem.tsx';

interface OpenIdSignInProps {
  /** Of the provider, as people know it. */
  name: string;
  where: SignInAt;
  /** It is what the page is for. */
  first?: boolean;
}

/** Leads to another place to sign in, that the organisation trusts. */
export function OpenIdSignIn({ name, where, first = false }: OpenIdSignInProps) {
  const { elsewhere: words } = useWords();
  const beginning = useMutation({
    mutationFn: () => api.beginOpenIdSignIn(where),
    onSuccess: ({ location }) => {
      globalThis.location.assign(location);
    },
  });
  if (beginning.error !== null)
    return <Problem error={beginning.error} onTryAgain={() => beginning.reset()} />;
  return (
    <Act
      second={!first}
      label={words.signIn(name)}
      onAct={() => beginning.mutate()}
      isPending={beginning.isPending}
    />
  );
}
