import { fireEvent } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

it('shows recovery codes until their owner says that they are kept', () => {
  const onDone = vi.fn();
  const page = show(<RecoveryCodes codes={['7K3F-9QXM-2BTR', 'M4TQ-80WZ-D1VK']} onDone={onDone} />);
  expect(page.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    '7K3F-9QXM-2BTR',
    'M4TQ-80WZ-D1VK',
  ]);
  const done = page.getByRole('button', { name: 'Done' }) as HTMLButtonElement;
  fireEvent.click(done);
  expect(onDone).not.toHaveBeenCalled();
  fireEvent.click(page.getByRole('checkbox'));
  fireEvent.click(done);
  expect(onDone).toHaveBeenCalledOnce();
});
