import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it, type MockInstance, onTestFinished, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Person } from '../session/person.ts';
import { session } from '../session/session.ts';
import { noteBegin } from '../session/touches.ts';
import * as store from './copy.ts';
import { CopyOffered, CopyState } from './copy-state.tsx';
import { forget, look, useKept } from './keep-copy.ts';
import * as page from './keep-page.ts';
import * as taking from './take-copy.ts';

const secretary = { id: 'u', sessionId: 's', roles: ['secretary'] } as Person;
const client = new QueryClient();
let kept: store.Copy | undefined;
let isLocked: boolean;

/** Taken as the test says, of whom it was asked for. */
let take: MockInstance<typeof taking.takeCopy>;

beforeEach(async () => {
  await forget();
  kept = undefined;
  isLocked = false;
  localStorage.clear();
  noteBegin('s');
  take = vi.spyOn(taking, 'takeCopy').mockImplementation(async (_client, { practitionerIds, sessionId }) => ({
    ...({ takenAt: new Date().toISOString(), sessionId } as store.Copy),
    practitionerIds: [...practitionerIds],
  }));
  vi.spyOn(session, 'current').mockReturnValue({ is: 'signed-in', person: secretary });
  vi.spyOn(page, 'keepOutagePage').mockResolvedValue();
  vi.spyOn(store, 'readCopy').mockImplementation(async () => kept);
  vi.spyOn(store, 'keepCopy').mockImplementation(async (copy) => {
    kept = copy;
  });
  vi.spyOn(store, 'eraseCopy').mockImplementation(async () => {
    kept = undefined;
  });
  vi.stubGlobal('navigator', {
    locks: {
      request: async (_name: string, _how: object, act: (lock?: object) => unknown) => act(isLocked ? undefined : {}),
    },
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
});

function Desk({ ids }: { ids: string[] }) {
  useKept(ids);
  return <CopyState />;
}

const Both = () => (
  <>
    <Desk ids={['p']} />
    <CopyOffered />
  </>
);

describe('a desk that looks at agendas', () => {
  it('keeps a copy of them at once, and of another as soon as it looks at that, and says so', async () => {
    const desk = show(<Desk ids={['p', 'q']} />);
    await desk.findByText(/2 agendas/);
    expect(kept?.practitionerIds).toEqual(['p', 'q']);
    desk.unmount();
    await show(<Desk ids={['r']} />).findByText(/3 agendas/);
  });

  it('takes none before an hour is over, unless it is asked for', async () => {
    await show(<Desk ids={['p']} />).findByText(/since .* agendas?, today/);
    await look(client);
    expect(take).toHaveBeenCalledTimes(1);
    await look(client, true);
    expect(take).toHaveBeenCalledTimes(2);
    kept = { ...(kept as store.Copy), takenAt: new Date(Date.now() - 3_600_000).toISOString() };
    await look(client);
    expect(take).toHaveBeenCalledTimes(3);
  });

  it('takes none at a window that nobody sees, nor while another window does', async () => {
    await show(<Desk ids={['p']} />).findByText(/since .* agendas?, today/);
    kept = undefined;
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    await look(client);
    visibility.mockReturnValue('visible');
    isLocked = true;
    await look(client);
    expect(take).toHaveBeenCalledTimes(1);
    isLocked = false;
    await look(client);
    expect(take).toHaveBeenCalledTimes(2);
  });

  it('leaves nothing behind when they sign out while it is taken', async () => {
    take.mockImplementation(async () => {
      vi.spyOn(session, 'current').mockReturnValue({ is: 'signed-out' });
      return { sessionId: 's', practitionerIds: ['p'] } as store.Copy;
    });
    show(<Desk ids={['p']} />);
    await vi.waitFor(() => expect(take).toHaveBeenCalled());
    await look(client);
    expect(kept).toBeUndefined();
  });

  it('says why it could not be taken, and keeps the one before', async () => {
    const desk = show(<Desk ids={['p']} />);
    await desk.findByText(/since .* agendas?, today/);
    const before = kept;
    take.mockRejectedValue(new TypeError('the practice is away'));
    await look(client, true);
    expect(kept).toBe(before);
    await desk.findByRole('status');
    desk.getByText(/since .* agendas?, today/);
  });

  it('offers the copy where the practice cannot be asked, and nothing when there is none', async () => {
    const before = show(<CopyOffered />);
    expect(before.queryByRole('link')).toBeNull();
    before.unmount();
    const link = await show(<Both />).findByRole('link', { name: /took at/ });
    expect(link.getAttribute('href')).toBe('/outage.html');
  });
});
