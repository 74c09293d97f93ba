// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
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
  const [isAsked, setAsked] = useState<boolean | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that was pressed is gone.
    if (isAsked !== null) place.current?.querySelector('button')?.focus();
  }, [isAsked]);
  return (
    <div ref={place}>
      {isAsked === true ? (
        <>
          <Act key="cancel" second label={cancel} onAct={() => setAsked(false)} />
          <Act key="sure" label={sure} onAct={onSure} isPending={isPending} />
        </>
      ) : (
        <Act key="begin" second label={begin} onAct={() => setAsked(true)} />
      )}
    </div>
  );
}
