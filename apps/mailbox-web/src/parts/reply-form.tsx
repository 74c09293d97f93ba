// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { FieldError, Form, Label, TextArea, TextField } from 'react-aria-components';
import { api, Refusal, type Draft } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { ReplyFiles } from './reply-files.tsx';

interface ReplyFormProps {
  messageId: string;
  draft: Draft;
  onDone: (isSent: boolean) => Promise<void>;
}

/** So long nobody types, and what was typed is kept. Milliseconds. */
const KEPT_AFTER = 1_500;
const LONGEST_TEXT = 100_000;

/** Text and files of an answer. What is typed is kept on the server, so that a lost connection or a closed page costs nothing. */
export function ReplyForm({ messageId, draft, onDone }: ReplyFormProps) {
  const { reply: words, problems } = useWords();
  const [text, setText] = useState(draft.text);
  const [files, setFiles] = useState(draft.files);
  const [isEmpty, setEmpty] = useState(false);
  const kept = useRef(draft.text);
  const keeping = useMutation({
    mutationFn: (typed: string) => api.keepDraft(messageId, draft.draftId, typed),
    onSuccess: (_, typed) => {
      kept.current = typed;
    },
  });
  const sending = useMutation({
    mutationFn: () => api.reply(messageId, draft.draftId, text),
    onSuccess: () => onDone(true),
  });
  const ending = useMutation({
    mutationFn: () => api.throwAwayDraft(messageId),
    onSuccess: () => onDone(false),
  });
  const { mutate: keep } = keeping;
  const isSending = sending.isPending || sending.isSuccess;
  useEffect(() => {
    if (text === kept.current || isSending) return undefined;
    const timer = setTimeout(() => keep(text), KEPT_AFTER);
    return () => clearTimeout(timer);
  }, [text, isSending, keep]);
  const faultOf = (error: unknown): string => {
    switch (error instanceof Refusal ? error.kind : '') {
      case 'too-many-replies':
        return words.tooMany;
      case 'reply-too-large':
        return words.tooMuch;
      case 'draft-not-found':
        return words.gone;
      case 'not-signed-in':
        return words.signedOut;
      case 'mailbox-message-ended':
        return problems.ended.text;
      default:
        return sending.isError || ending.isError ? words.notSent : words.notKept;
    }
  };
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    const isNothing = text.trim() === '' && files.length === 0;
    setEmpty(isNothing);
    if (!isNothing && !isSending) sending.mutate();
  };
  return (
    <Form onSubmit={send}>
      <TextField
        value={text}
        onChange={(typed) => {
          setText(typed);
          setEmpty(false);
        }}
        isInvalid={isEmpty}
        validationBehavior="aria"
        maxLength={LONGEST_TEXT}
      >
        <Label>{words.text}</Label>
        <TextArea
          rows={8}
          onBlur={() => {
            if (text !== kept.current && !isSending) keep(text);
          }}
        />
        <FieldError>{isEmpty ? words.empty : null}</FieldError>
      </TextField>
      <p role="status" className="hint">
        {keeping.isSuccess && text === kept.current ? words.kept : ''}
      </p>
      <ReplyFiles messageId={messageId} draftId={draft.draftId} files={files} onChange={setFiles} />
      <Act label={words.send} isPending={isSending} />
      <Act second label={words.throwAway} onAct={() => ending.mutate()} isPending={ending.isPending} />
      <p role="alert">
        {sending.isError || ending.isError || keeping.isError
          ? faultOf(sending.error ?? ending.error ?? keeping.error)
          : ''}
      </p>
    </Form>
  );
}
