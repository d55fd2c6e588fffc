import { describe, expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { Refused, Unreachable } from '../api/problem.ts';
import { Remote } from './remote.tsx';

const base = { isPending: false, isFetching: false, dataUpdatedAt: Date.now(), refetch: vi.fn() };
const problem = { status: 503, code: 'GATEWAY.NO_INSTANCE', title: '', fields: [], requestId: 'r-1' };
const away = new Refused(problem, 5);

const shown = (of: object, language: 'en' | 'fr' = 'en') =>
  show(
    <Remote<string[]>
      of={{ ...base, data: undefined, error: null, ...of }}
      label="visits"
      isNone={(items) => items.length === 0}
      none="There is none"
    >
      {(items) => items.join()}
    </Remote>,
    language,
  );

describe('what others have to tell', () => {
  it('is loading, and says what, before anything is known', () => {
    const page = shown({ isPending: true });
    expect(page.getByRole('status').textContent).toBe('Loading: visits');
    expect(page.queryByText('There is none')).toBeNull();
  });

  it('is none only when the answer says so', () => {
    expect(shown({ data: [] }).getByText('There is none')).toBeTruthy();
  });

  it('has failed: says what to do, the code and the request, and never that there is none', () => {
    const page = shown({ error: away });
    expect(page.getByRole('alert').textContent).toContain('Nothing was changed');
    expect(page.getByRole('alert').textContent).toContain('Code GATEWAY.NO_INSTANCE, request r-1');
    expect(page.queryByText('There is none')).toBeNull();
    expect(page.getByRole('button').textContent).toBe('Try again in 5 s');
    expect((page.getByRole('button') as HTMLButtonElement).disabled).toBe(true);
  });

  it('is shown with its age when it could not be read anew', () => {
    const page = shown({ data: ['a', 'b'], error: away, dataUpdatedAt: Date.now() - 5 * 60_000 });
    expect(page.container.textContent).toContain('This is 5 minutes old; it cannot be read anew.');
    expect(page.container.textContent).toContain('a,b');
  });

  it('says in French what it says in English', () => {
    const page = shown({ error: new Unreachable(undefined) }, 'fr');
    expect(page.getByRole('alert').textContent).toContain('Rien ne sera fait deux fois');
  });
});
