// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { FieldError, Form, Label, TextArea, TextField } from 'react-aria-components';
import { api, type Draft, type Place, type Typed } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { DraftFiles } from './draft-files.tsx';
import { useDraftFault } from './draft-fault.ts';
import { withTyped } from './keeper.ts';
import { ThrowAway } from './throw-away.tsx';
import { useKept } from './use-kept.ts';

interface DraftFormProps {
  place: Place;
  draft: Draft;
  words: { text: string; send: string };
  /** What else is typed, in fields that stand before. */
  more?: Omit<Typed, 'text'>;
  /** Its text has the focus at once. */
  isFocused?: boolean;
  children?: ReactNode;
  onSend: (typed: Typed) => Promise<unknown>;
  onDone: (isSent: boolean) => void | Promise<void>;
}

const LONGEST_TEXT = 80_000;

/** Text and files of what somebody writes, which the server keeps while they are written. */
export function DraftForm(props: DraftFormProps) {
  const { place, draft, words: own, more = {}, isFocused = false, children, onSend, onDone } = props;
  const { writing: words } = useWords();
  const faultOf = useDraftFault();
  // As it was typed here last, however old the draft is that is given.
  const [text, setText] = useState(() => withTyped(draft).text);
  const [files, setFiles] = useState(draft.files);
  const [isAdding, setAdding] = useState(false);
  const [told, setTold] = useState<'empty' | 'wait' | null>(null);
  const typed = { ...more, text };
  const sending = useMutation({
    mutationFn: () => onSend(typed),
    onSuccess: () => {
      drop();
      return onDone(true);
    },
    // It may be about a file that another page, or device, has sent up since.
    onError: async () => {
      goOn();
      const found = await api.draft(place).catch(() => null);
      if (found?.draft?.draftId === draft.draftId) setFiles(found.draft.files);
    },
  });
  const isSending = sending.isPending || sending.isSuccess;
  const {
    isKept,
    fault: notKept,
    keepNow,
    drop,
    goOn,
  } = useKept({ place, draft, typed, isPaused: isSending });
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
      {children}
      <TextField
        value={text}
        onChange={(typedNow) => {
          setText(typedNow);
          setTold(null);
        }}
        isInvalid={told === 'empty'}
        validationBehavior="aria"
        maxLength={LONGEST_TEXT}
      >
        <Label>{own.text}</Label>
        <TextArea rows={8} onBlur={keepNow} autoFocus={isFocused} />
        <FieldError>{told === 'empty' ? words.empty : null}</FieldError>
      </TextField>
      <p role="status" className="hint">
        {isKept ? words.kept : ''}
      </p>
      <DraftFiles
        place={place}
        draftId={draft.draftId}
        files={files}
        onChange={setFiles}
        onAdding={setAdding}
      />
      <Act label={own.send} isPending={isSending} />
      <p role="alert">{fault()}</p>
      <ThrowAway
        place={place}
        draftId={draft.draftId}
        onDone={async () => {
          drop();
          await onDone(false);
        }}
      />
    </Form>
  );
}
