// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Contact } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { focusOn } from './at-first.ts';
import { Field } from './field.tsx';
import { matching } from './matching.ts';

interface ChooseContactProps {
  contacts: readonly Contact[];
  chosen: string | null;
  onChoose: (contactId: string) => void;
}

/** So few are seen at once. */
const FEW = 6;

/** The recipient field: a list to search in. The general one is there whatever is searched for. */
export function ChooseContact({ contacts, chosen, onChoose }: ChooseContactProps) {
  const { letter: words } = useWords();
  const [marked, setMarked] = useState(chosen);
  const [looked, setLooked] = useState('');
  const [isMissing, setMissing] = useState(false);
  const id = useId();
  const found = matching(contacts, looked).filter(({ isGeneral }) => !isGeneral);
  const general = contacts.filter(({ isGeneral }) => isGeneral);
  const groups = [...new Set(found.map(({ group }) => group))];
  const fieldset = useRef<HTMLFieldSetElement>(null);
  useEffect(() => focusOn(fieldset.current), []);
  useLayoutEffect(() => {
    const early = fieldset.current?.querySelector<HTMLInputElement>('input:checked')?.value;
    if (early !== undefined) setMarked(early);
    // What was chosen before the script had come: once.
  }, []);
  const choose = () => {
    // What was marked before another search is seen no more.
    const isThere = [...found, ...general].some((each) => each.id === marked);
    setMissing(!isThere);
    if (marked !== null && isThere) onChoose(marked);
  };
  const radio = ({ id: contactId, name, description }: Contact) => (
    <label key={contactId} className="choice">
      <input
        type="radio"
        name={id}
        value={contactId}
        checked={marked === contactId}
        onChange={() => {
          setMarked(contactId);
          setMissing(false);
        }}
      />
      <span>
        {name}
        {description !== '' && <span className="hint">{description}</span>}
      </span>
    </label>
  );
  return (
    <fieldset ref={fieldset} tabIndex={-1} aria-describedby={`${id}-fault`}>
      <legend>{words.recipient}</legend>
      <p>{words.choose}</p>
      {contacts.length > FEW && (
        <Field label={words.search} value={looked} onChange={setLooked} fault={null} autoComplete="off" />
      )}
      <p role="status" className="hint">
        {looked.trim() === '' ? '' : words.found(found.length)}
      </p>
      {groups.map((group, index) => {
        const inGroup = found.filter((each) => each.group === group).map(radio);
        return group === '' ? (
          <div key={group}>{inGroup}</div>
        ) : (
          <div key={group} role="group" aria-labelledby={`${id}-${index}`}>
            <h2 id={`${id}-${index}`}>{group}</h2>
            {inGroup}
          </div>
        );
      })}
      <div className="general">{general.map(radio)}</div>
      <p role="alert" id={`${id}-fault`} className="fault">
        {isMissing ? words.notChosen : ''}
      </p>
      <Act label={words.next} onAct={choose} />
    </fieldset>
  );
}
