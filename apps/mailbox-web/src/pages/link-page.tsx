// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { api } from '../api.ts';
import { Act } from '../parts/act.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { useNoted } from '../parts/last-organisation.ts';
import { Loading } from '../parts/loading.tsx';
import { Welcome } from '../parts/own-words.tsx';
import { Page } from '../parts/page.tsx';
import { OpenIdSignIn } from '../parts/openid-sign-in.tsx';
import { PasskeySignIn } from '../parts/passkey-sign-in.tsx';
import { PasswordSignIn } from '../parts/password-sign-in.tsx';
import { Problem } from '../parts/problem.tsx';
import { useBegun } from '../parts/use-begun.ts';
import { useLooking } from '../parts/use-organisation.ts';
import { useSignedIn } from '../parts/use-signed-in.ts';
import { TOLD } from '../told.ts';
import { useTimes, useWords } from '../words/language.tsx';

/** Where the link of a notification leads. Nothing happens before somebody presses: programs follow links, too. */
export function LinkPage() {
  const { link = '' } = useParams();
  const { link: words, code, language } = useWords();
  const { end } = useTimes();
  const found = useQuery({ queryKey: ['link', link], queryFn: () => api.link(link), ...TOLD });
  useNoted(found.data?.organisation.id);
  const looking = useLooking(found.data?.organisation.id);
  const goOn = useSignedIn();
  const { until, forget } = useBegun({ link }, found.data !== undefined);
  const begin = useMutation({
    mutationFn: () => api.beginSignIn({ link, language }),
    onSuccess: async ({ messageId }) => {
      // Who is signed in already, as its reader, needs no code.
      if (messageId !== null) await goOn(messageId);
    },
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Problem error={found.error} onTryAgain={() => void found.refetch()} />;
  if (begin.error !== null) return <Problem error={begin.error} onTryAgain={() => begin.reset()} />;
  const isBegun = begin.isSuccess && begin.data.messageId === null;
  if (isBegun || until !== null)
    return (
      <CodeForm
        at={{ link }}
        sent={code.sent}
        until={isBegun ? null : until}
        onSendAnother={() => api.beginSignIn({ link, language })}
        onBack={() => {
          forget();
          begin.reset();
        }}
      />
    );
  const { organisation, endsAt } = found.data;
  return (
    <Page title={words.title(organisation.name)}>
      {looking.data !== undefined && <Welcome of={looking.data} />}
      {/* A browser may write a date otherwise than the server. */}
      <p suppressHydrationWarning>{words.explain(end(endsAt))}</p>
      <Act label={words.sendCode} onAct={() => begin.mutate()} isPending={begin.isPending} />
      {organisation.openIdConnect !== undefined && (
        <OpenIdSignIn name={organisation.openIdConnect.name} where={{ link }} />
      )}
      <PasskeySignIn where={{ link }} />
      {organisation.passwords && <PasswordSignIn where={{ link }} />}
    </Page>
  );
}
