// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api } from '../api.ts';
import { AddressForm } from '../parts/address-form.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { useNoted } from '../parts/last-organisation.ts';
import { Loading } from '../parts/loading.tsx';
import { Welcome } from '../parts/own-words.tsx';
import { Page } from '../parts/page.tsx';
import { OpenIdSignIn } from '../parts/openid-sign-in.tsx';
import { PasskeySignIn } from '../parts/passkey-sign-in.tsx';
import { PasswordSignIn } from '../parts/password-sign-in.tsx';
import { Problem } from '../parts/problem.tsx';
import { useStanding } from '../parts/standing.ts';
import { UnkeptTexts } from '../parts/unkept-texts.tsx';
import { useBegun } from '../parts/use-begun.ts';
import { useLooking } from '../parts/use-organisation.ts';
import { useSignedInElsewhere } from '../parts/use-signed-in.ts';
import { useWords } from '../words/language.tsx';

/** Of an organisation: for who comes back without a link, and who wants to write first. Whether an address is known is not told. */
export function AddressPage() {
  const { organisation: id = '' } = useParams();
  const { address: words, code, language, unkept } = useWords();
  const standing = useStanding();
  const [address, setAddress] = useState<string | null>(null);
  const found = useLooking(id);
  const { until, forget } = useBegun({ organisation: id }, found.data !== undefined);
  useSignedInElsewhere();
  useNoted(found.data?.id);
  const begin = (of: string) => api.beginSignIn({ organisation: id, address: of, language });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Problem error={found.error} onTryAgain={() => void found.refetch()} />;
  if (address !== null || until !== null)
    return (
      <CodeForm
        at={{ organisation: id }}
        sent={code.sentIfKnown}
        address={address}
        until={address === null ? until : null}
        onSendAnother={address === null ? undefined : () => begin(address)}
        onBack={() => {
          forget();
          setAddress(null);
        }}
      />
    );
  return (
    <Page title={words.title(found.data.name)}>
      <Welcome of={found.data} />
      <p>{words.explain}</p>
      <AddressForm onBegin={begin} onBegun={setAddress} />
      {found.data.openIdConnect !== undefined && (
        <OpenIdSignIn name={found.data.openIdConnect.name} where={{ organisation: id }} />
      )}
      <PasskeySignIn where={{ organisation: id }} />
      {found.data.passwords && <PasswordSignIn where={{ organisation: id }} />}
      {standing === 'ended' && <UnkeptTexts explain={unkept.text} />}
      {found.data.takesMessages && (
        <section>
          <h2>{words.again}</h2>
          <p>{words.againText}</p>
          <p>
            <Link to={`/o/${encodeURIComponent(id)}/write`}>{words.again}</Link>
          </p>
        </section>
      )}
    </Page>
  );
}
