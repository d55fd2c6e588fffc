import { act, fireEvent } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Patient } from '../api/types.ts';
import { session } from '../session/session.ts';
import { cardOf } from '../words/cards.ts';
import { PatientFind } from './patient-find.tsx';

const id = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11';
const patient = (given: string, more: Partial<Patient> = {}) =>
  ({ id: given, familyName: 'Martin', givenNames: [given], birthDate: '1955-08-14', ...more }) as Patient;

/** What is asked, and what it is answered once that is let. */
let asked: { path: string; body: unknown; answer: (status: number, body: object) => Promise<void> }[];

beforeEach(() => {
  asked = [];
  vi.spyOn(session, 'accessToken').mockResolvedValue('token');
  vi.stubGlobal('fetch', async (request: Request) => {
    const body = request.method === 'POST' ? await request.json() : undefined;
    return new Promise<Response>((resolve) => {
      const answer = (status: number, json: object) => act(async () => resolve(Response.json(json, { status })));
      asked.push({ path: new URL(request.url).pathname, body, answer });
    });
  });
});

function begin(onNew?: () => void) {
  const chosen: string[] = [];
  function Desk() {
    const [words, setWords] = useState('');
    return <PatientFind words={words} onWords={setWords} onChoose={(each) => chosen.push(each.id)} onNew={onNew} />;
  }
  const page = show(<Desk />);
  const field = page.getByLabelText('Patient') as HTMLInputElement;
  return {
    page,
    chosen,
    type: (words: string) => fireEvent.change(field, { target: { value: words } }),
    enter: () => fireEvent.keyDown(field, { key: 'Enter' }),
  };
}

const lastAsked = () => vi.waitUntil(() => asked.at(-1));

it('takes who alone fits by Enter, also when Enter comes before the answer', async () => {
  const { chosen, type, enter } = begin();
  type('martin 14/08/1955');
  enter();
  expect(chosen).toEqual([]);
  const { body, answer } = await lastAsked();
  expect(body).toEqual({ q: 'martin', birthDate: '1955-08-14', limit: 20 });
  await answer(200, { items: [patient('Alice')] });
  await vi.waitFor(() => expect(chosen).toEqual(['Alice']));
});

it('takes nobody by Enter where several fit, but leads to the first of them', async () => {
  const { chosen, type, enter } = begin();
  type('martin');
  await (await lastAsked()).answer(200, { items: [patient('Alice'), patient('Bruno')] });
  enter();
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Alice'));
  expect(chosen).toEqual([]);
  fireEvent.keyDown(document.activeElement as Element, { key: 'ArrowDown' });
  expect(document.activeElement?.textContent).toContain('Bruno');
  fireEvent.click(document.activeElement as Element);
  expect(chosen).toEqual(['Bruno']);
});

it('takes nobody by an Enter that was for other words', async () => {
  const { chosen, type, enter } = begin();
  type('martin');
  enter();
  await lastAsked();
  type('martinez');
  await vi.waitUntil(() => asked.length === 2);
  for (const { answer } of asked) await answer(200, { items: [patient('Alice')] });
  expect(chosen).toEqual([]);
});

it('reads a card by the id that is on it, and says of one that it is nobody’s', async () => {
  const { page, chosen, type, enter } = begin(() => undefined);
  type(cardOf(id));
  enter();
  const { path, answer } = await lastAsked();
  expect(path).toBe(`/api/patients/${id}`);
  await answer(200, patient('Alice', { id }));
  await vi.waitFor(() => expect(chosen).toEqual([id]));
  type(cardOf(id.replace('019a', '029a')));
  await vi.waitUntil(() => asked.length === 2);
  await asked[1]?.answer(404, { code: 'PATIENT.NOT_FOUND', title: '', status: 404, fields: [], requestId: '' });
  await page.findByText('This card is of nobody here.');
  // Nobody is taken in from a card.
  expect(page.queryByRole('button', { name: 'Take in a new patient' })).toBeNull();
});

it('never says that nobody fits where it could not be asked', async () => {
  const { page, type } = begin();
  type('martin');
  await (await lastAsked()).answer(500, { code: 'INTERNAL', title: '', status: 500, fields: [], requestId: 'r' });
  await page.findByRole('alert');
  expect(page.queryByText('Nobody fits that.')).toBeNull();
});

it('offers to take in somebody new once something is typed', async () => {
  const onNew = vi.fn();
  const { page, type } = begin(onNew);
  expect(page.queryByRole('button', { name: 'Take in a new patient' })).toBeNull();
  type('Quenneville');
  await (await lastAsked()).answer(200, { items: [] });
  await page.findByText('Nobody fits that.');
  fireEvent.click(page.getByRole('button', { name: 'Take in a new patient' }));
  expect(onNew).toHaveBeenCalledTimes(1);
});
