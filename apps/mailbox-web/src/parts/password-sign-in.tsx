// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, Refusal } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';
import { useSignedIn } from './use-signed-in.ts';

type Where = { link: string } | { organisation: string };

/** Signs in who has set a password before; its form is there once somebody wants it. */
export function PasswordSignIn({ where }: { where: Where }) {
  const { password: words } = useWords();
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <PasswordForm where={where} />;
  return <Act second label={words.signIn} onAct={() => setOpen(true)} />;
}

function PasswordForm({ where }: { where: Where }) {
  const { password: words, address: addressWords } = useWords();
  const [address, setAddress] = useState('');
  const [password, setPassword] = useState('');
  const [faults, setFaults] = useState<{ address?: string; password?: string }>({});
  const goOn = useSignedIn();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that was pressed is gone.
    place.current?.querySelector('input')?.focus();
  }, []);
  const isByAddress = 'organisation' in where;
  const proving = useMutation({
    mutationFn: () =>
      api.proveByPassword(isByAddress ? { ...where, address: address.trim() } : where, password),
    onSuccess: ({ messageId }) => goOn(messageId),
    onError: (error) => {
      setPassword('');
      const kind = error instanceof Refusal ? error.kind : '';
      if (kind === 'wrong-password') setFaults({ password: words.wrong });
      if (kind === 'too-many-passwords') setFaults({ password: words.tooMany });
      if (kind === 'invalid-request' && isByAddress) setFaults({ address: addressWords.wrong });
    },
  });
  if (proving.error !== null && !isOfForm(proving.error))
    return <Problem error={proving.error} onTryAgain={() => proving.reset()} />;
  return (
    <div ref={place}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isByAddress && !/^\S+@\S+\.\S+$/.test(address.trim()))
            setFaults({ address: addressWords.wrong });
          else if (password === '') setFaults({ password: words.missing });
          else if (!proving.isPending) proving.mutate();
        }}
      >
        {isByAddress && (
          <Field
            label={addressWords.label}
            value={address}
            onChange={(typed) => {
              setAddress(typed);
              setFaults({});
            }}
            fault={faults.address ?? null}
            inputMode="email"
            autoComplete="username"
            input={{ autoCapitalize: 'none', spellCheck: 'false' }}
          />
        )}
        <Field
          label={words.label}
          value={password}
          onChange={(typed) => {
            setPassword(typed);
            setFaults({});
          }}
          fault={faults.password ?? null}
          autoComplete="current-password"
          isSecret
        />
        <Act label={words.go} isPending={proving.isPending} />
      </form>
    </div>
  );
}

const isOfForm = (error: Error): boolean =>
  error instanceof Refusal &&
  ['wrong-password', 'too-many-passwords', 'invalid-request'].includes(error.kind);
