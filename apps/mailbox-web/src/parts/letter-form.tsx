// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { api, LETTERS, type Contact, type Draft } from '../api.ts';
import { useCount, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { ChooseContact } from './choose-contact.tsx';
import { DraftForm } from './draft-form.tsx';
import { Field } from './field.tsx';
import { withTyped } from './keeper.ts';
import { ThrowAway } from './throw-away.tsx';
import { isNear, LONGEST_SUBJECT } from './too-long.ts';
import { papers } from './unkept.ts';

interface LetterFormProps {
  draft: Draft;
  contacts: readonly Contact[];
  /** Who was chosen before this was opened; null: as the draft says. */
  chosen: string | null;
  /** Another one than that. */
  onChosen: () => void;
  onSent: (contact: Contact) => void;
  onThrownAway: () => void;
}

/** As the server takes it: what was copied from a table has tabs in it, which no subject has. */
const onOneLine = (typed: string) => typed.replaceAll(/\p{Cc}/gu, ' ');

/** Who ends the subject with Enter has not written the letter. */
const stayInForm = (event: KeyboardEvent) => {
  if (event.key === 'Enter') event.preventDefault();
};

/** What somebody writes first: to whom, about what, and the text. */
export function LetterForm({ draft, contacts, chosen, onChosen, onSent, onThrownAway }: LetterFormProps) {
  const { letter: words, messages, writing } = useWords();
  const countOf = useCount();
  const [begun] = useState(() => withTyped(draft));
  const [contactId, setContactId] = useState(chosen ?? begun.contactId);
  // Somebody may have left the list meanwhile.
  const contact = contacts.find(({ id }) => id === contactId);
  const [isChoosing, setChoosing] = useState(contact === undefined);
  const [subject, setSubject] = useState(begun.subject);
  const to = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // What had the focus is gone.
    if (!isChoosing) to.current?.focus();
  }, [isChoosing]);
  // Who has only come here has nothing to throw away.
  const isBegun =
    contact !== undefined || `${begun.subject}${begun.text}`.trim() !== '' || begun.files.length > 0;
  /** Whom it is for, and about what, too. */
  const wholeOf = (other: Draft) => {
    const name = contacts.find(({ id }) => id === other.contactId)?.name ?? '';
    return `${messages.to}: ${name}\n${words.subject}: ${other.subject}\n\n${other.text}`;
  };
  return (
    <>
      {isChoosing && (
        <ChooseContact
          contacts={contacts}
          chosen={contact?.id ?? null}
          onChoose={(next) => {
            setContactId(next);
            setChoosing(false);
            onChosen();
          }}
        />
      )}
      {isChoosing && isBegun && (
        <ThrowAway
          place={LETTERS}
          draftId={draft.draftId}
          onDone={() => {
            papers.get(draft.draftId)?.drop();
            onThrownAway();
          }}
        />
      )}
      {/* What was typed outlives another choice. */}
      <div hidden={isChoosing}>
        <DraftForm
          place={LETTERS}
          draft={draft}
          words={words}
          more={{ contactId, subject }}
          wholeOf={wholeOf}
          onTaken={(other) => {
            setContactId(other.contactId);
            setSubject(other.subject);
            setChoosing(!contacts.some(({ id }) => id === other.contactId));
          }}
          onSend={(typed, seen) => api.sendLetter(draft.draftId, typed, seen)}
          onDone={(isSent) => {
            if (isSent && contact !== undefined) onSent(contact);
            else onThrownAway();
          }}
        >
          <p ref={to} tabIndex={-1}>
            {messages.to}: <strong>{contact?.name}</strong>
          </p>
          <Act second label={words.other} onAct={() => setChoosing(true)} />
          <Field
            label={words.subject}
            value={subject}
            onChange={(typedNow) => setSubject(onOneLine(typedNow))}
            fault={subject.length > LONGEST_SUBJECT ? writing.tooLong(countOf(LONGEST_SUBJECT)) : null}
            hint={
              isNear(subject, LONGEST_SUBJECT)
                ? writing.count(countOf(subject.length), countOf(LONGEST_SUBJECT))
                : null
            }
            autoComplete="off"
            input={{ onKeyDown: stayInForm }}
          />
        </DraftForm>
      </div>
    </>
  );
}
