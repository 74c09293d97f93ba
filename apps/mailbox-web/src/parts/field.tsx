// SPDX-License-Identifier: Apache-2.0
import { useId, useLayoutEffect, useRef, type InputHTMLAttributes } from 'react';

interface FieldProps extends Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'value' | 'inputMode' | 'autoComplete' | 'maxLength'
> {
  label: string;
  value: string;
  /** What is wrong with what was typed, seen at the field and heard at once; null: nothing. */
  fault: string | null;
  /** Stands at the field; null: nothing does. */
  hint?: string | null;
  onChange: (typed: string) => void;
  input?: InputHTMLAttributes<HTMLInputElement>;
  /** Is not shown. */
  isSecret?: boolean;
}

/** A field of a form. The browser's own: it takes what is typed before the script has come, and the first page is the smaller for it. */
export function Field(props: FieldProps) {
  const { label, value, fault, hint = null, onChange, input = {}, isSecret = false, ...field } = props;
  const id = useId();
  const place = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const typed = place.current?.value ?? '';
    if (typed !== value) onChange(typed);
    // What was typed before the script had come: once.
  }, []);
  const describedBy = [hint === null ? [] : `${id}-hint`, fault === null ? [] : `${id}-fault`]
    .flat()
    .join(' ');
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        {...field}
        {...input}
        ref={place}
        id={id}
        type={isSecret ? 'password' : 'text'}
        value={value}
        aria-invalid={fault !== null || undefined}
        aria-describedby={describedBy === '' ? undefined : describedBy}
        onChange={({ target }) => onChange(target.value)}
      />
      {hint !== null && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
      {fault !== null && (
        <span id={`${id}-fault`} className="field-fault">
          {fault}
        </span>
      )}
      <p role="alert" className="announced">
        {fault}
      </p>
    </>
  );
}
