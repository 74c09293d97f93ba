// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { Act } from './act.tsx';

interface AskedTwiceProps {
  begin: string;
  sure: string;
  cancel: string;
  isPending: boolean;
  onSure: () => void;
}

/** For what has no way back: it is asked whether it is meant. */
export function AskedTwice({ begin, sure, cancel, isPending, onSure }: AskedTwiceProps) {
  const [isAsked, setAsked] = useState(false);
  return isAsked ? (
    <>
      <Act label={sure} onAct={onSure} isPending={isPending} />
      <Act second label={cancel} onAct={() => setAsked(false)} />
    </>
  ) : (
    <Act second label={begin} onAct={() => setAsked(true)} />
  );
}
