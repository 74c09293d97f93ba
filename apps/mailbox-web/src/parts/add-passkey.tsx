// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, Refusal } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { Field } from './field.tsx';
import { LeftUndone, newPasskeyOf, useKnowsPasskeys } from './passkeys.ts';

/** Has this device make a passkey. */
export function AddPasskey({ onAdded }: { onAdded: () => void }) {
  const { credentials: words, language } = useWords();
  const isKnown = useKnowsPasskeys();
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const name = typed.trim();
  const adding = useMutation({
    mutationFn: async () => api.addPasskey(await newPasskeyOf(await api.askForNewPasskey()), name, language),
    onSuccess: () => {
      setTyped('');
      onAdded();
    },
  });
  const problem = () => {
    const { error } = adding;
    if (error === null) return '';
    if (error instanceof LeftUndone) return error.isThere ? words.alreadyThere : words.notAdded;
    const kind = error instanceof Refusal ? error.kind : '';
    if (kind === 'too-many-passkeys') return words.tooMany;
    return kind === 'sign-in-anew' ? words.anew : words.notAdded;
  };
  return (
    <>
      <h3>{words.addTitle}</h3>
      {!isKnown && <p>{words.cannot}</p>}
      {isKnown && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name === '') setFault(words.nameMissing);
            else if (!adding.isPending) adding.mutate();
          }}
        >
          <Field
            label={words.name}
            value={typed}
            onChange={(now) => {
              setTyped(now);
              setFault(null);
            }}
            fault={fault}
            maxLength={60}
          />
          <Act label={words.add} isPending={adding.isPending} />
          <p role="alert">{problem()}</p>
        </form>
      )}
    </>
  );
}
