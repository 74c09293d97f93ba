// SPDX-License-Identifier: Apache-2.0
import { Refusal } from '../api/ask.ts';

/** What went wrong, in words; nothing where nothing did. */
export function Problem({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <div role="alert" className="wrong">
      <p>{textOf(error)}</p>
      {error instanceof Refusal && error.errors.length > 0 && (
        <ul>
          {error.errors.map(({ path, message }) => (
            <li key={path + message}>
              {path}: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const textOf = (error: unknown): string =>
  error instanceof Refusal
    ? error.message
    : 'The gateway does not answer, or can’t look now. It is asked again by itself where that helps; else load the page anew.';
