// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { api, LETTERS, Refusal, type Contact } from '../api.ts';
import { withTyped } from '../parts/keeper.ts';
import { LetterForm } from '../parts/letter-form.tsx';
import { Loading } from '../parts/loading.tsx';
import { MoreProof } from '../parts/more-proof.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { isProofDemanded } from '../parts/proof-demanded.ts';
import { Stranded } from '../parts/stranded.tsx';
import { ThrowAway } from '../parts/throw-away.tsx';
import { UnkeptTexts } from '../parts/unkept-texts.tsx';
import { keepAll, papers } from '../parts/unkept.ts';
import { useContacts } from '../parts/use-contacts.ts';
import { useWords } from '../words/language.tsx';

/** Where who is signed in writes without having been written to. */
export function LetterPage() {
  const { letter: words, message } = useWords();
  const [sentTo, setSentTo] = useState<Contact | null>(null);
  const session = useQuery({ queryKey: ['session'], queryFn: () => api.session() });
  const contacts = useContacts(session.data?.organisation.id ?? null);
  if (sentTo !== null)
    return (
      <Page title={words.sentTitle}>
        <p>{words.sent(sentTo.name)}</p>
        <p>
          <Link to="/messages">{message.back}</Link>
        </p>
      </Page>
    );
  // Nobody loses the form in which he writes because something beside it can't be loaded anew.
  if (session.data === undefined || contacts.data === undefined) {
    const error = session.error ?? contacts.error;
    const again = () => void Promise.all([session.refetch(), contacts.refetch()]);
    return error === null ? <Loading /> : <Problem error={error} onTryAgain={again} />;
  }
  if (contacts.data.length === 0) return <Problem error={new Refusal('contact-not-found', 404, null)} />;
  const { organisation, address } = session.data;
  return (
    <Letter
      title={words.title(organisation.name)}
      address={address}
      contacts={contacts.data}
      onSent={setSentTo}
    />
  );
}

interface LetterProps {
  title: string;
  address: string | null;
  contacts: readonly Contact[];
  onSent: (contact: Contact) => void;
}

/** The draft goes with its form: whoever comes back has it as it was kept, and not as it was first loaded. */
function Letter({ title, address, contacts, onSent }: LetterProps) {
  const { letter: words, unkept } = useWords();
  const { state } = useLocation() as { state: { contactId?: string | null } | null };
  const navigate = useNavigate();
  const queries = useQueryClient();
  // As the server has it now, and not anew while somebody writes.
  const draft = useQuery({
    queryKey: ['draft', LETTERS],
    queryFn: async () => {
      await keepAll();
      return withTyped(await api.beginDraft(LETTERS));
    },
    gcTime: 0,
    staleTime: Infinity,
  });
  if (isProofDemanded(draft.error)) {
    const { proofs, draftId } = draft.error;
    return (
      <Page title={title}>
        <MoreProof isOwn lacks={proofs} where={{ to: 'write' }} />
        <UnkeptTexts explain={unkept.onceProven} place={LETTERS} />
        {draftId !== null && (
          <ThrowAway
            place={LETTERS}
            draftId={draftId}
            onDone={() => {
              papers.get(draftId)?.drop();
              void navigate('/messages');
            }}
          />
        )}
      </Page>
    );
  }
  if (draft.data === undefined)
    return draft.error === null ? (
      <Loading />
    ) : (
      <Problem error={draft.error} onTryAgain={() => void draft.refetch()} />
    );
  return (
    <Page title={title}>
      {address !== null && <p>{words.you(address)}</p>}
      <Stranded place={LETTERS} draftId={draft.data.draftId} />
      <LetterForm
        key={draft.data.draftId}
        draft={draft.data}
        contacts={contacts}
        chosen={state?.contactId ?? null}
        // The choice of the page before is not to come back with a reload.
        onChosen={() => void navigate('.', { replace: true, state: null })}
        onSent={(contact) => {
          onSent(contact);
          void queries.invalidateQueries({ queryKey: ['conversations'] });
        }}
        onThrownAway={() => void navigate('/messages')}
      />
    </Page>
  );
}
