import { fireEvent } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { LanguageChoice } from './language-choice.tsx';

describe('the choice of a language', () => {
  it('says what to do when its file is gone, as it is for a page of the build before', async () => {
    const choose = vi.fn().mockRejectedValue(new TypeError('Failed to fetch dynamically imported module'));
    const page = show(<LanguageChoice choose={choose} />);
    fireEvent.change(page.getByLabelText('Language'), { target: { value: 'fr' } });
    expect((await page.findByRole('alert')).textContent).toContain('then load the page again to have it');
    expect(page.getByRole('button').textContent).toBe('Load again');
    expect(choose).toHaveBeenCalledWith('fr');
    expect((page.getByLabelText('Language') as HTMLSelectElement).value).toBe('fr');
  });
});
