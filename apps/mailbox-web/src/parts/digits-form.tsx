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

/** Takes a code of six digits, with whatever spaces somebody types between them. */
export function DigitsForm({ label, go, value, fault, autoFocus = false, ...form }: DigitsFormProps) {
  const { code: words } = useWords();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const digits = value.replaceAll(/\s/g, '');
        if (!/^\d{6}$/.test(digits)) form.onFault(words.notSix);
        else if (!form.isPending) form.onCode(digits);
      }}
    >
      <Field
        label={label}
        value={value}
        onChange={form.onTyped}
        fault={fault}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        input={{ className: 'code', autoFocus }}
      />
      <Act label={go} isPending={form.isPending} />
      {form.children}
    </form>
  );
}
