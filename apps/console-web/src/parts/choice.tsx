// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useSearchParams } from 'react-router';

interface ChoiceProps<Value extends string> {
  legend: string;
  /** What it is called in the address of the page. */
  name: string;
  /** What each is called by people. */
  values: readonly { value: Value; words: string }[];
  chosen: Value;
}

/** What is chosen stands in the address, so that the page can be loaded anew, and be passed on. */
export function useChosen<Value extends string>(name: string, values: readonly Value[], first: Value): Value {
  const [search] = useSearchParams();
  return values.find((value) => value === search.get(name)) ?? first;
}

/** One of a few. It is marked at once, also where what it leads to takes a moment. */
export function Choice<Value extends string>({ legend, name, values, chosen }: ChoiceProps<Value>) {
  const [, setSearch] = useSearchParams();
  const [pressed, setPressed] = useState<Value | null>(null);
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {values.map(({ value, words }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={value === (pressed ?? chosen)}
            onChange={() => {
              setPressed(value);
              setSearch({ [name]: value }, { replace: true });
            }}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
