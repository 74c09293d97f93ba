// SPDX-License-Identifier: Apache-2.0
import {
  FieldError,
  Input,
  Label,
  TextField,
  type InputProps,
  type TextFieldProps,
} from 'react-aria-components';

interface FieldProps extends Pick<TextFieldProps, 'value' | 'inputMode' | 'autoComplete' | 'maxLength'> {
  label: string;
  /** What is wrong with what was typed, seen at the field and heard at once; null: nothing. */
  fault: string | null;
  onChange: (typed: string) => void;
  input?: InputProps;
  /** Is not shown. */
  isSecret?: boolean;
}

/** A field of a form. */
export function Field({ label, fault, input = {}, isSecret = false, ...field }: FieldProps) {
  return (
    <>
      <TextField
        {...field}
        type={isSecret ? 'password' : 'text'}
        isInvalid={fault !== null}
        validationBehavior="aria"
      >
        <Label>{label}</Label>
        <Input {...input} />
        <FieldError>{fault}</FieldError>
      </TextField>
      <p role="alert" className="announced">
        {fault}
      </p>
    </>
  );
}
