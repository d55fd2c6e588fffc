import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import { InsState } from './ins-state.tsx';

const said = (...roots: string[]) =>
  show(
    <InsState
      of={{ identifiers: roots.map((root) => ({ system: `urn:oid:1.2.250.1.213.1.4.${root}`, value: '1' })) }}
    />,
  ).container.textContent;

it('says that an INS is noted, that it is one for tests, or that there is none; never that it is qualified', () => {
  expect(said('8')).toBe('INS noted, identity not qualified');
  expect(said('9')).toBe('INS noted, identity not qualified');
  expect(said('10')).toBe('INS for tests: a national health identity of nobody, as demonstrations have them');
  expect(said('11', '8')).toBe('INS noted, identity not qualified');
  expect(said()).toBe('no INS');
  expect(said('80')).toBe('no INS');
});
