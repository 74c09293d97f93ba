// SPDX-License-Identifier: Apache-2.0
import { aroundMarks } from './around-marks.ts';

it.each([
  ['Re: | Re: Journal', 'Re: Journal'],
  ['Re:|RE:Journal', 'Re: Journal'],
  ['Sv: | SV: Journal', 'Sv: Journal'],
  ['AW: | Re: Journal', 'AW: Journal'],
  ['Antw: | Antw: Journal', 'Antw: Journal'],
  ['RE : | RE : Journal', 'RE : Journal'],
  ['VS: | VS: Journal', 'VS: Journal'],
  ['Fwd: Re: | Re: Journal', 'Fwd: Re: Journal'],
  ['Re: | | Re: | Re:', 'Re:'],
])('of two prefixes of answers around a mark one stays: %s', (subject, left) => {
  expect(aroundMarks(subject.split('|'))).toBe(left);
});

it.each([
  ['Re: Re: | Journal', 'Re: Re: Journal'],
  ['Fwd: | Fwd: Journal', 'Fwd: Fwd: Journal'],
  ['Re: | Fwd: Journal', 'Re: Fwd: Journal'],
  ['VS: | SV: Journal', 'VS: SV: Journal'],
  ['SV: | VS: Journal', 'SV: VS: Journal'],
  ['Re: | Regarding: Journal', 'Re: Regarding: Journal'],
  ['Dare: | Re: Journal', 'Dare: Re: Journal'],
  ['| Re: Journal', 'Re: Journal'],
  ['Journal |', 'Journal'],
  ['|', ''],
])('all else stays: %s', (subject, left) => {
  expect(aroundMarks(subject.split('|'))).toBe(left);
});
