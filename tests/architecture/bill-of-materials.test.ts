import { lstatSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunFile } from '../../dev/src/run-file.ts';
import { billOfMaterials } from '../../tools/images/bill-of-materials.ts';
import { type AllNeeds, needsOf, withServed } from '../../tools/images/closure.ts';

const root = join(import.meta.dirname, '../..');
const { apps } = readRunFile();

/** Whoever runs Cabinet may do with these as they like; of MPL-2.0 (ical.js), changed files would have to be shown. */
const licencesTaken = new Set(
  ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0'].concat([
    'MIT-0',
    'Python-2.0',
    'PSF-2.0',
    'MPL-2.0',
    '(ISC AND CC-BY-3.0)',
  ]),
);

/** The gateway's image holds the portal as well, put together of packages. */
const asLaidOut = (name: string, needs: AllNeeds) => (name === 'gateway' ? withServed(root, needs, 'portal') : needs);

interface Component {
  'bom-ref': string;
  name: string;
  version?: string;
  licenses?: { license?: { id: string }; expression?: string }[];
  hashes?: { content: string }[];
  purl?: string;
}

describe.each(apps)('the bill of materials of the image of $name', ({ name, folder }) => {
  const processFolder = relative(root, folder);
  const needs = asLaidOut(name, needsOf(root, processFolder));
  const text = billOfMaterials(root, processFolder, needs);
  const bill = JSON.parse(text);
  const components: Component[] = bill.components;
  // A package of ours that stands in for one of others is linked to.
  const isOthers = (ref: string) => needs.packages.includes(ref) && !lstatSync(join(root, ref)).isSymbolicLink();
  const [others, ours] = [true, false].map((of) => components.filter((each) => isOthers(each['bom-ref']) === of));

  it('names each package of ours and of others once, and the image itself', () => {
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(bill.metadata.component).toMatchObject({ type: 'container', name: `cabinet/${name}` });
    expect(components.map((each) => each['bom-ref']).sort()).toEqual([...needs.workspaces, ...needs.packages].sort());
  });

  it('says of each package of others which it is, and its digest', () => {
    expect(others?.length).toBeGreaterThan(20);
    for (const { name: of, version, purl, hashes } of others ?? []) {
      expect([of, purl]).toEqual([of, `pkg:npm/${of.replace('@', '%40')}@${version}`]);
      expect([of, hashes?.[0]?.content]).toEqual([of, expect.stringMatching(/^[0-9a-f]{128}$/)]);
    }
    expect(ours?.filter(({ purl, hashes }) => purl || hashes)).toEqual([]);
  });

  it('has no licence that asks anything of whoever runs it', () => {
    const licencesOf = ({ licenses = [] }: Component) =>
      licenses.map(({ license, expression }) => license?.id ?? expression);
    const all = components.map((each) => [each.name, ...licencesOf(each)]);
    expect(all.filter(([, licence]) => !licencesTaken.has(licence ?? ''))).toEqual([]);
  });

  it('says what each needs, so that nothing is there that nothing needs', () => {
    const needed = new Map<string, string[]>(
      bill.dependencies.map(({ ref, dependsOn = [] }: { ref: string; dependsOn?: string[] }) => [ref, dependsOn]),
    );
    const reached = new Set<string>();
    const visit = (ref: string) => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const each of needed.get(ref) ?? []) visit(each);
    };
    visit(bill.metadata.component['bom-ref']);
    expect([...reached].sort()).toEqual([`cabinet/${name}`, ...components.map((each) => each['bom-ref'])].sort());
  });

  it('is the same text when it is made again', () => {
    expect(billOfMaterials(root, processFolder, needs)).toBe(text);
  });
});
