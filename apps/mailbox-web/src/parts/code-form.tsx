// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, Refusal, type CodeAt } from '../api.ts';
import { useTimes, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { DigitsForm } from './digits-form.tsx';
import { Page } from './page.tsx';
import { Problem } from './problem.tsx';
import { signedInPages } from './signed-in-pages.ts';
import { useSignedIn, type Place } from './use-signed-in.ts';

interface CodeFormProps {
  at: CodeAt;
  sent: string;
  /** Who typed it himself sees where it went. */
  address?: string | null;
  /** Of one that was asked for before the page was opened; null: it was just now. */
  until?: string | null;
  /** Without it, what it takes is no longer known here. */
  onSendAnother?: (() => Promise<unknown>) | undefined;
  /** Back to where it was asked for, and to what else is offered there. */
  onBack: () => void;
  /** Where it leads; else to what the code was asked for. */
  leadsTo?: Place;
}

/** Takes the code that was sent, and leads to what it is for. */
export function CodeForm(props: CodeFormProps) {
  const { at, sent, address = null, until = null, onSendAnother, onBack, leadsTo } = props;
  const { end } = useTimes();
  const { code: words } = useWords();
  const [code, setCode] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const goOn = useSignedIn();
  useEffect(() => {
    // Fetched while the mail is on its way; what fails is said where it is needed.
    signedInPages().catch(() => undefined);
  }, []);
  const proving = useMutation({
    mutationFn: (typed: string) => api.prove(typed, at),
    onSuccess: ({ messageId }) => goOn(messageId, leadsTo),
    onError: (error) => {
      setCode('');
      if (!(error instanceof Refusal)) return;
      if (error.kind === 'wrong-code') setFault(words.wrong(error.triesLeft ?? 0));
      if (error.kind === 'sign-in-ended') setFault(words.ended);
    },
  });
  const another = useMutation({
    mutationFn: async () => onSendAnother?.(),
    onSuccess: () => {
      setFault(null);
      setCode('');
    },
  });
  const isOfCode =
    proving.error instanceof Refusal && ['wrong-code', 'sign-in-ended'].includes(proving.error.kind);
  if (another.error !== null) return <Problem error={another.error} onTryAgain={() => another.reset()} />;
  if (proving.error !== null && !isOfCode)
    return <Problem error={proving.error} onTryAgain={() => proving.reset()} />;
  return (
    <Page title={words.title}>
      <p>{sent}</p>
      {address !== null && (
        <p>
          {words.to} <strong>{address}</strong>
        </p>
      )}
      {/* A browser may write a date otherwise than the server. */}
      {until !== null && !another.isSuccess && <p suppressHydrationWarning>{words.until(end(until))}</p>}
      <DigitsForm
        label={words.label}
        go={words.signIn}
        value={code}
        fault={fault}
        onTyped={(typed) => {
          setCode(typed);
          setFault(null);
        }}
        onFault={setFault}
        onCode={(digits) => proving.mutate(digits)}
        isPending={proving.isPending}
      >
        {onSendAnother !== undefined && (
          <Act
            second
            label={words.sendAnother}
            onAct={() => another.mutate()}
            isPending={another.isPending}
          />
        )}
        <p role="status">{another.isSuccess && fault === null ? words.sentAnother : ''}</p>
      </DigitsForm>
      <Act second label={'link' in at ? words.back : words.otherAddress} onAct={onBack} />
    </Page>
  );
}
