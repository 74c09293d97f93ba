// SPDX-License-Identifier: Apache-2.0
import { coloursOf, Look } from './look.ts';

it.each([
  [{ colours: { accent: '#ffd400' } }, 'colours.accent', /white.* 1\.4 to 1.* 4\.5/],
  [{ colours: { banner: '#ab51f0' } }, 'colours.banner', /4\.0 to 1.* 4\.5/],
  [{ colours: { accent: 'red' } }, 'colours.accent', /#0b4a8f/],
  [
    { texts: { da: { links: [{ label: 'x', url: 'javascript:alert(1)' }] } } },
    'texts.da.links.0.url',
    /https/,
  ],
  [{ texts: { fr: { help: 'x' } } }, 'texts', /fr/],
])('the look %j is refused, with where and why', (look, path, message) => {
  const { issues = [] } = Look.safeParse(look).error ?? {};
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  expect(issues[0]?.message).toMatch(message);
});

it('what nobody sets can be read, and text on a banner is whichever can be read better', () => {
  expect(coloursOf(Look.parse({}))).toEqual({ accent: '#0b4a8f', banner: '#ffffff', onBanner: '#14202b' });
  expect(coloursOf(Look.parse({ colours: { banner: '#1D3B2F' } }))).toMatchObject({
    banner: '#1d3b2f',
    onBanner: '#ffffff',
  });
  expect(coloursOf(Look.parse({ colours: { banner: '#f2c14e' } })).onBanner).toBe('#14202b');
});
