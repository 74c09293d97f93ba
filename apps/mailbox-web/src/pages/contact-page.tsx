// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useParams } from 'react-router';
import { api, Refusal } from '../api.ts';
import { Act } from '../parts/act.tsx';
import { AddressForm } from '../parts/address-form.tsx';
import { ChooseContact } from '../parts/choose-contact.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { useNoted } from '../parts/last-organisation.ts';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useContacts } from '../parts/use-contacts.ts';
import { useLooking } from '../parts/use-organisation.ts';
import { useWords } from '../words/language.tsx';

/** Where anybody begins to write: to whom, and then from which address. */
export function ContactPage() {
  const { organisation: id = '' } = useParams();
  const { letter: words, code, language } = useWords();
  const [contactId, setContactId] = useState<string | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const found = useLooking(id);
  const contacts = useContacts(id);
  useNoted(found.data?.id);
  const begin = (of: string) => api.beginSignIn({ organisation: id, address: of, to: 'write', language });
  if (found.isPending || contacts.isPending) return <Loading />;
  // What is there stays where it can't be loaded anew.
  if (found.data === undefined || contacts.data === undefined)
    return (
      <Problem
        error={found.error ?? contacts.error}
        onTryAgain={() => void Promise.all([found.refetch(), contacts.refetch()])}
      />
    );
  if (contacts.data.length === 0) return <Problem error={new Refusal('contact-not-found', 404, null)} />;
  if (address !== null)
    return (
      <CodeForm
        sent={code.sent}
        onSendAnother={() => begin(address)}
        leadsTo={{ path: '/write', state: { contactId } }}
      />
    );
  const contact = contacts.data.find((each) => each.id === contactId);
  return (
    <Page title={contact === undefined ? words.title(found.data.name) : words.title(contact.name)}>
      {contact === undefined ? (
        <ChooseContact contacts={contacts.data} chosen={null} onChoose={setContactId} />
      ) : (
        <>
          <p>{words.prove}</p>
          <Act second label={words.other} onAct={() => setContactId(null)} />
          <AddressForm onBegin={begin} onBegun={setAddress} />
        </>
      )}
    </Page>
  );
}
