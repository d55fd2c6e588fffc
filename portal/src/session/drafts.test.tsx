import { fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { DraftKept } from '../ui/draft-kept.tsx';
import { forgetDraft, forgetDrafts, useDraft } from './drafts.ts';

vi.mock('./use-session.ts', () => ({ usePerson: () => ({ id: 'doctor' }) }));

const nothing = { text: '' };
function Form() {
  const draft = useDraft('note/alice', nothing);
  return (
    <>
      <textarea value={draft.values.text} onChange={(event) => draft.set({ text: event.target.value })} />
      <button type="button" onClick={draft.clear}>
        Sent
      </button>
      <DraftKept of={draft} />
    </>
  );
}
const type = (into: ReturnType<typeof show>, value: string) =>
  fireEvent.change(into.getByRole('textbox'), { target: { value } });

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.restoreAllMocks());

it('what is typed is kept with each key, says since when, and is resumed as it was', () => {
  vi.spyOn(Date, 'now').mockReturnValue(new Date(2026, 10, 23, 9, 41).getTime());
  const first = show(<Form />);
  expect(first.queryByText(/Kept at/)).toBeNull();
  type(first, 'Sleeps well');
  first.getByText(/^Kept at 0?9:41.AM as a draft/);
  first.unmount();
  vi.mocked(Date.now).mockReturnValue(new Date(2026, 10, 23, 10, 5).getTime());
  const again = show(<Form />);
  expect(again.getByRole('textbox').textContent).toBe('Sleeps well');
  again.getByText(/^Kept at 0?9:41/);
});

it('what the browser has no room for is said not to be kept, and what was kept before is not taken for it', () => {
  const form = show(<Form />);
  type(form, 'Sleeps');
  const full = vi.spyOn(sessionStorage, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  type(form, 'Sleeps well');
  form.getByRole('alert');
  expect(form.getByRole('textbox').textContent).toBe('Sleeps well');
  expect(form.queryByText(/Kept at/)).toBeNull();
  full.mockRestore();
  type(form, 'Sleeps well again');
  form.getByText(/Kept at/);
  expect(form.queryByRole('alert')).toBeNull();
});

it('nothing of it is left once it was sent, was ended elsewhere, or its author signs out', () => {
  const form = show(<Form />);
  for (const end of [
    () => fireEvent.click(form.getByRole('button')),
    () => forgetDraft('doctor', 'note/alice'),
    forgetDrafts,
  ]) {
    type(form, `Sleeps ${Math.random()}`);
    expect(sessionStorage.length).toBe(2);
    end();
    expect(sessionStorage.length).toBe(0);
  }
});
