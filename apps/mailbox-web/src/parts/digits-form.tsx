// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { Field } from './field.tsx';

interface DigitsFormProps {
  label: string;
  go: string;
  value: string;
  /** What is wrong with the code; null: nothing. */
  fault: string | null;
  onTyped: (typed: string) => void;
  /** It is no code at all. */
  onFault: (fault: string) => void;
  /** Six digits. */
  onCode: (digits: string) => void;
  isPending: boolean;
  /** It appears once the code is under way. */
  autoFocus?: boolean;
  children?: ReactNode;
}

/** Six digits, with spaces or hyphens between them, and whatever stood around them where they were copied. */
const CODE = /^\D*((?:\d[\s-]?){5}\d)\D*$/;
/** The same among other words, and numbers, of the mail: it stands before those. */
const IN_MAIL = /(?:^|\D)(\d{6})(?!\d)/;
/** Characters; so many nobody types. */
const LONGEST_TYPED = 60;

/** Also of digits that are as wide as letters of Chinese or Japanese. */
const digitsIn = (typed: string): string | null => {
  const text = typed.normalize('NFKC');
  return (
    (CODE.exec(text) ?? (/\p{L}/u.test(text) ? IN_MAIL.exec(text) : null))?.[1]?.replaceAll(/\D/g, '') ?? null
  );
};

/** A whole mail that is pasted is not shown in a field for six digits. */
const asTyped = (typed: string): string =>
  typed.length > LONGEST_TYPED ? (digitsIn(typed) ?? typed) : typed;

/** Takes a code of six digits, however somebody types or pastes it. */
export function DigitsForm({ label, go, value, fault, autoFocus = false, ...form }: DigitsFormProps) {
  const { code: words } = useWords();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const digits = digitsIn(value);
        if (digits === null) form.onFault(words.notSix);
        else if (!form.isPending) form.onCode(digits);
      }}
    >
      <Field
        label={label}
        value={value}
        onChange={(typed) => form.onTyped(asTyped(typed))}
        fault={fault}
        inputMode="numeric"
        autoComplete="one-time-code"
        input={{ className: 'code', autoFocus }}
      />
      <Act label={go} isPending={form.isPending} />
      {form.children}
    </form>
  );
}
