// SPDX-License-Identifier: Apache-2.0
import { primitives as browser } from './browser.ts';
import { primitives as node } from './node.ts';
import { primitivesContract } from './primitives.contract.ts';

describe('Node', () => {
  primitivesContract(node);
});
describe('a browser', () => {
  primitivesContract(browser);
});
