// SPDX-License-Identifier: Apache-2.0
import { Problem } from '@securemail/service';

/** A part of the budget, of one request. */
export interface Share {
  /** Makes it so many octets where it is less. @throws Problem `too-busy` */
  growTo(octets: number): void;
  /** Gives it back. */
  end(): void;
}

/** How many octets of JSON may be held in memory at once; one request gets in however large, where no other is there. */
export function jsonBudget(maxBytes: number): () => Share {
  let held = 0;
  return () => {
    let own = 0;
    return {
      growTo(octets) {
        if (octets <= own) return;
        const others = held - own;
        if (others > 0 && others + octets > maxBytes) throw tooBusy();
        held += octets - own;
        own = octets;
      },
      end() {
        held -= own;
        own = 0;
      },
    };
  };
}

const tooBusy = () =>
  new Problem('too-busy', 'Too many large requests in JSON are under way. Nothing was accepted.');
