// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';

interface AddressFormProps {
  /** Has a code sent there. */
  onBegin: (address: string) => Promise<unknown>;
  onBegun: (address: string) => void;
}

/** Takes the address of who wants to show that it is his. */
export function AddressForm({ onBegin, onBegun }: AddressFormProps) {
  const { address: words } = useWords();
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const address = typed.trim();
  const begin = useMutation({
    mutationFn: () => onBegin(address),
    onSuccess: () => onBegun(address),
    onError: (error) => {
      if (isOfAddress(error)) setFault(words.wrong);
    },
  });
  if (begin.error !== null && !isOfAddress(begin.error))
    return <Problem error={begin.error} onTryAgain={() => begin.reset()} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!/^\S+@\S+\.\S+$/.test(address)) setFault(words.wrong);
        else if (!begin.isPending) begin.mutate();
      }}
    >
      <Field
        label={words.label}
        value={typed}
        onChange={(now) => {
          setTyped(now);
          setFault(null);
        }}
        fault={fault}
        inputMode="email"
        autoComplete="email"
        input={{ autoCapitalize: 'none', spellCheck: 'false' }}
      />
      <Act label={words.sendCode} isPending={begin.isPending} />
    </form>
  );
}

const isOfAddress = (error: Error): boolean => error instanceof Refusal && error.kind === 'invalid-request';
