// SPDX-License-Identifier: Apache-2.0
import { foldText } from './fold-text.ts';

it.each([
  ['nothing where there is nothing to fold', 'Hej Åse, 070761-4285\t\n', 'Hej Åse, 070761-4285\t\n'],
  [
    'soft hyphens, joiners and marks of direction',
    '07\u00ad07\u200b61\u200d-\u200e4285\ufeff',
    '070761-4285',
  ],
  ['every dash', '1\u20102\u20113\u20124\u20135\u20146\u22127\uff0d8', '1-2-3-4-5-6-7-8'],
  ['every space', '1\u00a02\u20093\u202f4\u30005', '1 2 3 4 5'],
  ['every line end', '1\r\n2\r3\u20284\u00855', '1\n2\n3\n4\n5'],
  ['full width digits', '０７０７６１－４２８５', '070761-4285'],
  ['Arabic-Indic and Devanagari digits', '٠٧٠٧٦١ ०९', '070761 09'],
  ['mathematical digits', '𝟎𝟗𝟘𝟡𝟢𝟿', '090909'],
])('folds %s', (_, text, folded) => {
  expect(foldText(text)).toBe(folded);
});
