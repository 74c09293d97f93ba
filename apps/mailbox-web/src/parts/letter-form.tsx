// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { api, LETTERS, type Contact, type Draft } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { ChooseContact } from './choose-contact.tsx';
import { DraftForm } from './draft-form.tsx';
import { Field } from './field.tsx';
import { withTyped } from './keeper.ts';

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

const LONGEST_SUBJECT = 200;

/** Who ends the subject with Enter has not written the letter. */
const stayInForm = (event: KeyboardEvent) => {
  if (event.key === 'Enter') event.preventDefault();
};

/** What somebody writes first: to whom, about what, and the text. */
export function LetterForm({ draft, contacts, chosen, onChosen, onSent, onThrownAway }: LetterFormProps) {
  const { letter: words, messages } = useWords();
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
      {/* What was typed outlives another choice. */}
      <div hidden={isChoosing}>
        <DraftForm
          place={LETTERS}
          draft={draft}
          words={words}
          more={{ contactId, subject }}
          onSend={(typed) => api.sendLetter(draft.draftId, typed)}
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
            onChange={setSubject}
            fault={null}
            autoComplete="off"
            maxLength={LONGEST_SUBJECT}
            input={{ onKeyDown: stayInForm }}
          />
        </DraftForm>
      </div>
    </>
  );
}
