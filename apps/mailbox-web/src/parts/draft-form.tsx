// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type ReactNode, type SyntheticEvent } from 'react';
import { FieldError, Form, Label, Text, TextArea, TextField } from 'react-aria-components';
import { api, Refusal, type Draft, type Place, type Seen, type Typed } from '../api.ts';
import { useCount, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { DraftFiles } from './draft-files.tsx';
import { useDraftFault } from './draft-fault.ts';
import { withTyped } from './keeper.ts';
import { Overtaken } from './overtaken.tsx';
import { ThrowAway } from './throw-away.tsx';
import { isNear, isTooLong, LONGEST_TEXT } from './too-long.ts';
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
  /** All of it, in one; without it: its text. */
  wholeOf?: (draft: Draft) => string;
  /** What was typed on another page counts from now on. */
  onTaken?: (other: Draft) => void;
  onSend: (typed: Typed, seen: Seen) => Promise<unknown>;
  onDone: (isSent: boolean) => void | Promise<void>;
  /** What is answered is gone; a letter answers nothing. */
  onEnded?: () => void;
}

const isOvertaken = (error: unknown) => error instanceof Refusal && error.kind === 'draft-changed';
const textOf = ({ text }: Draft) => text;

/** Text and files of what somebody writes, which the server keeps while they are written. */
export function DraftForm(props: DraftFormProps) {
  const { place, draft, words: own, more = {}, isFocused = false, children, onSend, onDone } = props;
  const { wholeOf = textOf, onTaken, onEnded = () => undefined } = props;
  const { writing: words } = useWords();
  const faultOf = useDraftFault();
  const countOf = useCount();
  const field = useRef<HTMLTextAreaElement>(null);
  // As it was typed here last, however old the draft is that is given.
  const [text, setText] = useState(() => withTyped(draft).text);
  const [files, setFiles] = useState(draft.files);
  const [isAdding, setAdding] = useState(false);
  const [told, setTold] = useState<'empty' | 'wait' | null>(null);
  const typed = { ...more, text };
  const sending = useMutation({
    mutationFn: () => onSend(typed, { by: by(), files: files.map(({ fileId }) => fileId) }),
    onSuccess: () => {
      drop();
      return onDone(true);
    },
    // It may be about a file that another page, or device, has sent up since.
    onError: async (error) => {
      goOn();
      // What goes with it then is chosen, not slipped in.
      if (isOvertaken(error)) return;
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
    by,
    meet,
  } = useKept({ place, draft, typed, isPaused: isSending });
  const isLong = isTooLong(typed);
  const overtaken = !isSending && (isOvertaken(sending.error) || isOvertaken(notKept));
  const choose = (other: Draft, which: 'here' | 'there') => {
    meet(other);
    sending.reset();
    setFiles(other.files);
    if (which === 'there') {
      setText(other.text);
      onTaken?.(other);
    }
    // The button is gone, and with it the focus.
    field.current?.focus();
  };
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isLong) {
      // The field says why; the subject does so before.
      if (text.length > LONGEST_TEXT) field.current?.focus();
      return;
    }
    const isNothing = text.trim() === '' && files.length === 0;
    setTold(isAdding ? 'wait' : isNothing ? 'empty' : null);
    if (!isAdding && !isNothing && !isSending) sending.mutate();
  };
  const fault = () => {
    if (isLong) return words.tooLongToSend;
    if (told === 'wait' && isAdding) return words.wait;
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
        isInvalid={told === 'empty' || text.length > LONGEST_TEXT}
        validationBehavior="aria"
      >
        <Label>{own.text}</Label>
        <TextArea ref={field} rows={8} onBlur={keepNow} autoFocus={isFocused} />
        {isNear(text, LONGEST_TEXT) && (
          <Text slot="description" className="hint">
            {words.count(countOf(text.length), countOf(LONGEST_TEXT))}
          </Text>
        )}
        <FieldError>
          {text.length > LONGEST_TEXT
            ? words.tooLong(countOf(LONGEST_TEXT))
            : told === 'empty'
              ? words.empty
              : null}
        </FieldError>
      </TextField>
      <p role="status" className="hint">
        {isKept ? words.kept : ''}
      </p>
      <DraftFiles
        place={place}
        draftId={draft.draftId}
        files={files}
        limits={draft.limits}
        onChange={setFiles}
        onAdding={setAdding}
        onEnded={onEnded}
      />
      <Act label={own.send} isPending={isSending} />
      <p role="alert">{fault()}</p>
      {overtaken && (
        <Overtaken
          place={place}
          draftId={draft.draftId}
          wholeOf={wholeOf}
          here={wholeOf({ ...draft, ...typed })}
          onChosen={choose}
        />
      )}
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
