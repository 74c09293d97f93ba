// SPDX-License-Identifier: Apache-2.0
import { useWords } from '../words/language.tsx';

interface ActProps {
  label: string;
  /** While it goes on nothing is begun a second time. */
  isPending?: boolean;
  second?: boolean;
  /** Without it, it sends the form that it stands in. */
  onAct?: () => void;
}

/** A button for what takes a moment, and says so. The browser's own: react-aria's puts a style into the page. */
export function Act({ label, isPending = false, second = false, onAct }: ActProps) {
  const { loading } = useWords();
  return (
    <>
      <button
        className={second ? 'second' : 'first'}
        type={onAct === undefined ? 'submit' : 'button'}
        onClick={({ detail }) => {
          // The second click of a double one is meant for what stood there before.
          if (!isPending && detail <= 1) onAct?.();
        }}
      >
        {label}
      </button>
      <span role="status" data-wait={loading}>
        {isPending ? loading : ''}
      </span>
    </>
  );
}
