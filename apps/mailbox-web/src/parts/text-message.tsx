// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, Refusal, type ProofFor } from '../api.ts';
import { useTimes, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { DigitsForm } from './digits-form.tsx';
import { keepProven } from './unkept.ts';
import { useUnderWay } from './use-begun.ts';

/** Has a code sent as a text message, and takes it; then what it is for is shown in its place. */
export function TextMessage({ where, organisation }: { where: ProofFor; organisation: string }) {
  const { textMessage: words, code: codeWords, problems, language } = useWords();
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const { end } = useTimes();
  const [sentTo, setSentTo] = useState<string | null>(null);
  // The page may have gone away while somebody read the text message.
  const begun = useUnderWay(['text message', where], () => api.begunTextMessage(where), { gcTime: 0 });
  const sending = useMutation({
    mutationFn: () => api.sendTextMessage(where, language),
    onSuccess: (sent) => {
      setSentTo(sent.sentTo);
      setCode('');
      setFault(null);
    },
  });
  const proving = useMutation({
    mutationFn: (typed: string) => api.proveByTextMessage(where, typed),
    onSuccess: async () => {
      await keepProven();
      await queries.invalidateQueries();
    },
    onError: (error) => {
      setCode('');
      const kind = error instanceof Refusal ? error.kind : 'unreachable';
      if (error instanceof Refusal && kind === 'wrong-code') setFault(codeWords.wrong(error.triesLeft ?? 0));
      else if (kind === 'sign-in-ended') setFault(codeWords.ended);
      else setFault(kind === 'too-many-codes' ? problems.tooMany.text : problems.unreachable.text);
    },
  });
  const refusal = sending.error instanceof Refusal ? sending.error.kind : null;
  if (refusal === 'number-unknown') return <p role="alert">{words.unknown(organisation)}</p>;
  if (begun.isLoading) return <p>{words.explain}</p>;
  const until = begun.data?.begun?.expiresAt ?? null;
  // One that could not be sent leaves the one before as it is.
  const isUnderWay = sentTo !== null || until !== null;
  return (
    <>
      <p>{words.explain}</p>
      <p role="status">{sentTo === null ? '' : words.sent(sentTo)}</p>
      {sentTo === null && until !== null && <p>{codeWords.until(end(until))}</p>}
      {isUnderWay && (
        <DigitsForm
          label={words.label}
          go={words.go}
          value={code}
          fault={fault}
          onTyped={(typed) => {
            setCode(typed);
            setFault(null);
          }}
          onFault={setFault}
          onCode={(digits) => proving.mutate(digits)}
          isPending={proving.isPending}
          autoFocus={sentTo !== null}
        />
      )}
      <Act
        second={isUnderWay}
        label={isUnderWay ? words.again : words.send}
        onAct={() => sending.mutate()}
        isPending={sending.isPending}
      />
      <p role="alert">
        {sending.error === null
          ? ''
          : refusal === 'too-many-codes'
            ? problems.tooMany.text
            : words.notSent(organisation)}
      </p>
    </>
  );
}
