// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { api, type Proof, type ProofFor } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { OpenIdSignIn } from './openid-sign-in.tsx';
import { TextMessage } from './text-message.tsx';
import { useLooking } from './use-organisation.ts';

interface MoreProofProps {
  /** What is still to be proven. */
  lacks: readonly Proof[];
  /** What is to be read. */
  where: ProofFor;
  /** What is to be read is what somebody wrote himself. */
  isOwn?: boolean;
}

/** Says what the organisation demands before something is shown, and offers it at once. */
export function MoreProof({ lacks, where, isOwn = false }: MoreProofProps) {
  const { moreProof: words } = useWords();
  const [search] = useSearchParams();
  const session = useQuery({ queryKey: ['session'], queryFn: () => api.session() });
  const { data: organisation } = useLooking(session.data?.organisation.id);
  if (organisation === undefined) return null;
  const { name, openIdConnect: provider } = organisation;
  return (
    <>
      <p>{isOwn ? words.explainOwn(name) : words.explain(name)}</p>
      {search.get('refused') === 'openid-connect' && provider !== undefined && (
        <p role="alert">{words.refused(provider.name)}</p>
      )}
      {search.get('away') === 'openid-connect' && provider !== undefined && (
        <p role="alert">{words.away(provider.name)}</p>
      )}
      {lacks.includes('second-channel') && <TextMessage where={where} organisation={name} />}
      {lacks.includes('openid-connect') &&
        (provider === undefined ? (
          <p>{words.notOffered(name)}</p>
        ) : (
          <>
            <p>{words.provider(provider.name)}</p>
            <OpenIdSignIn first name={provider.name} where={where} />
          </>
        ))}
    </>
  );
}
