import { fireEvent } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { patientOfCard } from '../words/cards.ts';
import { CardField, useCardScan } from './card-scan.tsx';

const id = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11';
const onCard = `cabinet:patient:${id}`;

function Page({ onPatient, onPress }: { onPatient: (id: string) => void; onPress?: () => void }) {
  useCardScan(onPatient);
  return (
    <>
      <button type="button" onClick={onPress}>
        Somewhere
      </button>
      <textarea aria-label="Note" />
    </>
  );
}

const scan = (into: Element, text: string) => {
  for (const key of text) fireEvent.keyDown(into, { key });
  return fireEvent.keyDown(into, { key: 'Enter' });
};

it('a card that is scanned is heard wherever the focus is but in a field, and presses nothing', () => {
  const onPatient = vi.fn();
  const page = show(<Page onPatient={onPatient} />);
  const button = page.getByRole('button');
  // Not left to the button.
  expect(scan(button, onCard)).toBe(false);
  expect(onPatient.mock.calls).toEqual([[id]]);
  scan(page.getByRole('textbox'), onCard);
  expect(onPatient).toHaveBeenCalledTimes(1);
});

it('keys that were pressed before do not spoil it, and what is no card does nothing and leaves Enter to the page', () => {
  const onPatient = vi.fn();
  const button = show(<Page onPatient={onPatient} />).getByRole('button');
  scan(button, `xccab${onCard.toUpperCase()}`);
  expect(onPatient.mock.calls).toEqual([[id]]);
  for (const text of ['', 'cabinet:patient:1', `${onCard}0`, `cabinet:practitioner:${id}`])
    expect(scan(button, text)).toBe(true);
  expect(onPatient).toHaveBeenCalledTimes(1);
});

it('into the field it is typed as well, which says of all else that it is no card', () => {
  const onPatient = vi.fn();
  const page = show(<CardField onPatient={onPatient} />);
  const field = page.getByLabelText('Scan the card of a patient');
  const type = (value: string) => fireEvent.change(field, { target: { value } });
  type('Martin');
  fireEvent.click(page.getByRole('button'));
  page.getByText('This is no card of a patient of the practice.');
  type(` ${onCard} `);
  expect(page.queryByText(/no card/)).toBeNull();
  fireEvent.click(page.getByRole('button'));
  expect(onPatient.mock.calls).toEqual([[id]]);
});

it('a card names a patient by an id and nothing else', () => {
  expect(patientOfCard(onCard)).toBe(id);
  for (const text of [id, `cabinet:patient:${id}/chart`, 'cabinet:patient:../../x', `cabinet:patient:${id.slice(1)}`])
    expect(patientOfCard(text)).toBeUndefined();
});
