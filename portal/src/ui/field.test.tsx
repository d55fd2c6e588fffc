import { fireEvent } from '@testing-library/react';
import { expect, it, onTestFinished } from 'vitest';
import { show } from '../../test/show.tsx';
import { ChoiceField, LongTextField, TextField } from './field.tsx';
import { leadToProblems } from './incomplete.ts';

const field = (page: ReturnType<typeof show>, name: string) => page.getByRole('textbox', { name });

it('says of a field that cannot be left empty that it is needed, to who sees it and to who hears it', () => {
  const page = show(
    <>
      <TextField label="Why?" isNeeded />
      <TextField label="Remark" />
      <LongTextField label="Reason" required />
      <ChoiceField label="Place" isNeeded />
    </>,
  );
  // By the name alone: what is seen beside it is told by the field.
  expect([field(page, 'Why?'), field(page, 'Reason')].map((each) => each.matches('[aria-required=true]'))).toEqual([
    true,
    true,
  ]);
  expect(page.getByRole('combobox', { name: 'Place' }).getAttribute('aria-required')).toBe('true');
  expect(field(page, 'Remark').hasAttribute('aria-required')).toBe(false);
  const seen = [...page.container.querySelectorAll('label')].map(({ parentElement }) => parentElement?.textContent);
  expect(seen).toEqual(['Why? · needed', 'Remark', 'Reason · needed', 'Place · needed']);
});

it('is called by its name alone where a form says what it lacks', async () => {
  onTestFinished(leadToProblems((names) => `Lacks: ${names.join(', ')}`));
  const page = show(
    <form onSubmit={(event) => event.preventDefault()}>
      <TextField label="Why?" isNeeded problem="Say why." />
    </form>,
  );
  fireEvent.submit(page.container.querySelector('form') as HTMLFormElement);
  expect((await page.findByRole('alert')).textContent).toBe('Lacks: Why?');
});
