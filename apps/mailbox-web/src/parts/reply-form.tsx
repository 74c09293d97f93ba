// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { FieldError, Form, Label, TextArea, TextField } from 'react-aria-components';
import { api, type Draft } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { ReplyFiles } from './reply-files.tsx';
import { useReplyFault } from './reply-fault.ts';
import { ThrowAway } from './throw-away.tsx';
import { useKept } from './use-kept.ts';

interface ReplyFormProps {
  messageId: string;
  draft: Draft;
  onDone: (isSent: boolean) => Promise<void>;
}

const LONGEST_TEXT = 80_000;

/** Text and files of an answer, which the server keeps while they are written. */
export function ReplyForm({ messageId, draft, onDone }: ReplyFormProps) {
  const { reply: words } = useWords();
  const faultOf = useReplyFault();
  const [text, setText] = useState(draft.text);
  const [files, setFiles] = useState(draft.files);
  const [isAdding, setAdding] = useState(false);
  const [told, setTold] = useState<'empty' | 'wait' | null>(null);
  const sending = useMutation({
    mutationFn: () => api.reply(messageId, draft.draftId, text),
    onSuccess: () => onDone(true),
  });
  const isSending = sending.isPending || sending.isSuccess;
  const { isKept, error: notKept, keepNow } = useKept({ messageId, draft, text, isPaused: isSending });
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    const isNothing = text.trim() === '' && files.length === 0;
    setTold(isAdding ? 'wait' : isNothing ? 'empty' : null);
    if (!isAdding && !isNothing && !isSending) sending.mutate();
  };
  const fault = () => {
    if (told === 'wait') return words.wait;
    if (sending.isError) return faultOf(sending.error, words.notSent);
    return notKept === null || isSending ? '' : faultOf(notKept, words.notKept);
  };
  return (
    <Form onSubmit={send}>
      <TextField
        value={text}
        onChange={(typed) => {
          setText(typed);
          setTold(null);
        }}
        isInvalid={told === 'empty'}
        validationBehavior="aria"
        maxLength={LONGEST_TEXT}
      >
        <Label>{words.text}</Label>
        <TextArea rows={8} onBlur={keepNow} />
        <FieldError>{told === 'empty' ? words.empty : null}</FieldError>
      </TextField>
      <p role="status" className="hint">
        {isKept ? words.kept : ''}
      </p>
      <ReplyFiles
        messageId={messageId}
        draftId={draft.draftId}
        files={files}
        onChange={setFiles}
        onAdding={setAdding}
      />
      <Act label={words.send} isPending={isSending} />
      <p role="alert">{fault()}</p>
      <ThrowAway messageId={messageId} draftId={draft.draftId} onDone={() => onDone(false)} />
    </Form>
  );
}
