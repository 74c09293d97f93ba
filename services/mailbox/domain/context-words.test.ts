// SPDX-License-Identifier: Apache-2.0
import { contextWords } from './context-words.ts';

it('knows what who asks for a password is called, and where: whole, in parts, and without what stands between', () => {
  const words = contextWords({
    address: 'Bo.Friis@citizen.example',
    organisation: 'Demo Kommune',
    domains: ['post.demo-kommune.example'],
  });
  for (const word of [
    'bo.friis@citizen.example',
    'bofriis',
    'friis',
    'demo kommune',
    'demokommune',
    'kommune',
  ])
    expect(words).toContain(word);
  expect(words).toContain('postdemokommuneexample');
  expect(words).toContain('securemailbox');
  // Two letters are in everything.
  expect(words).not.toContain('bo');
});
