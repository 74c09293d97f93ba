// SPDX-License-Identifier: Apache-2.0
import { useState, useSyncExternalStore } from 'react';
import { useParams, useSearchParams } from 'react-router';
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
import { useBegun } from '../parts/use-begun.ts';
import { useLooking } from '../parts/use-organisation.ts';
import { useWords } from '../words/language.tsx';

const never = () => () => undefined;
const yes = () => true;
const no = () => false;

/** Where anybody begins to write: to whom, and then from which address. */
export function ContactPage() {
  const { organisation: id = '' } = useParams();
  const { letter: words, code, language } = useWords();
  const [search, setSearch] = useSearchParams();
  // In the address of the page, where it is found again; the server, which renders it first, does not read that.
  const isThere = useSyncExternalStore(never, yes, no);
  const contactId = isThere ? search.get('contact') : null;
  const [address, setAddress] = useState<string | null>(null);
  const found = useLooking(id);
  const { until, forget } = useBegun({ organisation: id, to: 'write' }, found.data !== undefined);
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
  if (address !== null || until !== null)
    return (
      <CodeForm
        at={{ organisation: id, to: 'write' }}
        sent={code.sent}
        address={address}
        until={address === null ? until : null}
        onSendAnother={address === null ? undefined : () => begin(address)}
        onBack={() => {
          forget();
          setAddress(null);
        }}
        leadsTo={{ path: '/write', state: { contactId } }}
      />
    );
  const contact = contacts.data.find((each) => each.id === contactId);
  return (
    <Page title={contact === undefined ? words.title(found.data.name) : words.title(contact.name)}>
      {contact === undefined ? (
        <ChooseContact
          contacts={contacts.data}
          chosen={null}
          onChoose={(chosen) => setSearch({ contact: chosen })}
        />
      ) : (
        <>
          <p>{words.prove}</p>
          <Act second label={words.other} onAct={() => setSearch({})} />
          <AddressForm onBegin={begin} onBegun={setAddress} />
        </>
      )}
    </Page>
  );
}
