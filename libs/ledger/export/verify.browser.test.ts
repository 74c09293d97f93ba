// SPDX-License-Identifier: Apache-2.0
import { jest } from '@jest/globals';
import { primitives } from '../primitives/browser.ts';
import { verifyContract } from './verify.contract.ts';

let hashed = 0;
jest.unstable_mockModule('#primitives', () => ({
  primitives: {
    ...primitives,
    sha256: (...parts: readonly (Uint8Array | string)[]) => {
      hashed += 1;
      return primitives.sha256(...parts);
    },
  },
}));
jest.resetModules();
const { verifyExport } = await import('./verify.ts');

describe('as pages in a browser verify', () => {
  verifyContract(verifyExport, 100);

  it('was done by what browsers have', () => {
    expect(hashed).toBeGreaterThan(10_000);
  });
});
