import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { timeAt } from '../time/zone.ts';
import { Button, buttonLook } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Card } from '../ui/page.tsx';
import { look, useCopyState } from './keep-copy.ts';

/** Since when a copy is kept, by the reader's clock: it is of this desk. */
function Since({ takenAt }: { takenAt: string }) {
  const { i18n } = useLingui();
  return timeAt(takenAt, Intl.DateTimeFormat().resolvedOptions().timeZone, i18n.locale);
}

/** What this desk keeps for when the practice cannot be reached. */
export function CopyState() {
  const { kept, error } = useCopyState();
  const client = useQueryClient();
  const taking = useMutation({ mutationFn: () => look(client, true) });
  return (
    <Card className="unprinted grid gap-3">
      <h2>
        <Trans>Copy for when the practice cannot be reached</Trans>
      </h2>
      <p>
        {kept ? (
          <Trans>
            Kept at this desk since <Since takenAt={kept.takenAt} />:{' '}
            <Plural value={kept.practitionerIds.length} one="# agenda" other="# agendas" />, today and tomorrow.
          </Trans>
        ) : (
          <Trans>Nothing is kept at this desk yet.</Trans>
        )}
      </p>
      <p className="text-sm text-quiet">
        <Trans>
          It is taken each hour, of the agendas that you look at: who comes when, with birth date and telephone, and
          nothing medical. It goes when you sign out, when the screen is left for half an hour, and after a day.
        </Trans>
      </p>
      {error !== undefined && <Failure error={error} role="status" />}
      <div className="flex flex-wrap gap-3">
        <Button size="desk" onClick={() => taking.mutate()} isBusy={taking.isPending}>
          <Trans>Take it now</Trans>
        </Button>
        {kept && (
          <a href="/outage.html" className={buttonLook({ size: 'desk' })}>
            <Trans>Open the copy</Trans>
          </a>
        )}
      </div>
    </Card>
  );
}

/** Where the practice cannot be asked: that there is a copy, if there is one. */
export function CopyOffered() {
  const { kept } = useCopyState();
  if (!kept) return null;
  return (
    <p className="mt-4">
      <a href="/outage.html">
        <Trans>
          Open the copy of the agendas that this desk took at <Since takenAt={kept.takenAt} />
        </Trans>
      </a>
    </p>
  );
}
