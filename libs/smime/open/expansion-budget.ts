// SPDX-License-Identifier: Apache-2.0

/** 256 MiB: more than any server takes for one mail. */
export const MAX_EXPANDED_SIZE = 256 * 1024 * 1024;

/** How many times longer than compressed; text of people is ten times, and zlib can do a thousand. */
const MAX_RATIO = 100;
/** A short message may be all the same letter: its length harms nobody, whatever the ratio. */
const FREE = 1024 * 1024;

/**
 * What compressed layers may grow to. One for a whole message, so that layers within layers do not multiply: what
 * comes out of all of them is compared with what went into the outermost.
 */
export interface ExpansionBudget {
  /** Enters a further layer; of a layer that is in no other, what went in counts. */
  layer(): ExpandingLayer;
}

export interface ExpandingLayer {
  /** Octets of compressed data were read. */
  read(octets: number): void;
  /** Octets came out of it. @returns whether that is still within the limits. */
  expanded(octets: number): boolean;
}

/** @param maxExpandedSize octets. */
export function expansionBudget(maxExpandedSize: number): ExpansionBudget {
  let layers = 0;
  let compressed = 0;
  let expanded = 0;
  return {
    layer: () => {
      const outermost = layers === 0;
      layers += 1;
      return {
        read: (octets) => {
          if (outermost) compressed += octets;
        },
        expanded: (octets) => {
          expanded += octets;
          return expanded <= maxExpandedSize && expanded <= FREE + compressed * MAX_RATIO;
        },
      };
    },
  };
}
