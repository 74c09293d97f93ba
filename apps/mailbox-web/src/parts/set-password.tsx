// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, Refusal } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { Field } from './field.tsx';

/** As the server counts: characters, composed. */
const hasLength = (typed: string): boolean => {
  const { length } = Array.from(typed.normalize('NFC'));
  return length >= 12 && length <= 128;
};

/** Sets a password, or another one in its place. */
export function SetPassword({ isThere, onSet }: { isThere: boolean; onSet: () => void }) {
  const { credentials: words, language } = useWords();
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const setting = useMutation({
    mutationFn: () => api.setPassword(typed, language),
    onSuccess: () => {
      setTyped('');
      onSet();
    },
    onError: (error) => {
      if (!(error instanceof Refusal) || error.kind !== 'password-refused') return;
      setFault(error.reason === 'guessed' ? words.passwordGuessed : words.passwordLength);
    },
  });
  const problem = () => {
    const { error } = setting;
    const kind = error instanceof Refusal ? error.kind : '';
    if (error === null || kind === 'password-refused') return '';
    return kind === 'sign-in-anew' ? words.anew : words.passwordNotSet;
  };
  return (
    <>
      <h3>{isThere ? words.passwordAgain : words.passwordTitle}</h3>
      <p>{words.passwordHint}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!hasLength(typed)) setFault(words.passwordLength);
          else if (!setting.isPending) setting.mutate();
        }}
      >
        <Field
          label={words.passwordLabel}
          value={typed}
          onChange={(now) => {
            setTyped(now);
            setFault(null);
          }}
          fault={fault}
          autoComplete="new-password"
          isSecret
        />
        <Act label={words.passwordGo} isPending={setting.isPending} />
        <p role="alert">{problem()}</p>
      </form>
    </>
  );
}
