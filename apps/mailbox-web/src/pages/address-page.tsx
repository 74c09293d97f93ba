// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useParams } from 'react-router';
import { api, Refusal } from '../api.ts';
import { Act } from '../parts/act.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { Field } from '../parts/field.tsx';
import { noteOrganisation } from '../parts/last-organisation.ts';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useWords } from '../words/language.tsx';

/** For who comes back without a link. Whether an address is known is not told. */
export function AddressPage() {
  const { organisation: id = '' } = useParams();
  const { address: words, code } = useWords();
  const [address, setAddress] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const found = useQuery({ queryKey: ['organisation', id], queryFn: () => api.organisation(id) });
  const claim = { organisation: id, address: address.trim() };
  const begin = useMutation({
    mutationFn: () => api.beginSignIn(claim),
    onError: (error) => {
      if (isOfAddress(error)) setFault(words.wrong);
    },
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Problem error={found.error} onTryAgain={() => void found.refetch()} />;
  if (begin.error !== null && !isOfAddress(begin.error))
    return <Problem error={begin.error} onTryAgain={() => begin.reset()} />;
  if (begin.isSuccess)
    return <CodeForm sent={code.sentIfKnown} onSendAnother={() => api.beginSignIn(claim)} />;
  noteOrganisation(id);
  return (
    <Page title={words.title(found.data.name)}>
      <p>{words.explain}</p>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (!/^\S+@\S+\.\S+$/.test(claim.address)) setFault(words.wrong);
          else if (!begin.isPending) begin.mutate();
        }}
      >
        <Field
          label={words.label}
          value={address}
          onChange={(typed) => {
            setAddress(typed);
            setFault(null);
          }}
          fault={fault}
          inputMode="email"
          autoComplete="email"
          input={{ autoCapitalize: 'none', spellCheck: 'false' }}
        />
        <Act label={words.sendCode} isPending={begin.isPending} />
      </Form>
    </Page>
  );
}

const isOfAddress = (error: Error): boolean => error instanceof Refusal && error.kind === 'invalid-request';
