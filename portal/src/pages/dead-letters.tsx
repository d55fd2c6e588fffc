import type { gatewayApi } from '@cabinet/contracts';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { Unanswered } from '../ui/unanswered.tsx';

const lettersKey = ['dead-letters'] as const;

interface Reason {
  service: string;
  topic: string;
  type: string;
  cause: string;
  code: string;
  count: number;
  lastAt: string;
}

/** Events that could not be handled for what is in them, by reason; they are let go again, or dropped. */
export function DeadLetters() {
  const { t } = useLingui();
  const letters = useQuery({ queryKey: lettersKey, queryFn: () => told(api.GET('/api/system/dead-letters')) });
  return (
    <Page title={t`Dead letters`}>
      <Remote
        of={letters}
        label={t`dead letters`}
        isNone={({ reasons, unavailable }) => reasons.length === 0 && unavailable.length === 0}
        none={<Trans>There are none: every event was handled, or waits for its turn.</Trans>}
      >
        {({ reasons, unavailable }) => (
          <>
            <Unanswered of={unavailable} />
            <ul className="grid gap-3">
              {reasons.map((each) => (
                <li key={[each.service, each.topic, each.type, each.cause, each.code].join()}>
                  <Line reason={each} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Remote>
    </Page>
  );
}

function Line({ reason }: { reason: Reason }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { service, topic, type, code, cause, count, lastAt } = reason;
  const body = { service, topic, type, code };
  const whenDone = {
    onSuccess: () => setAsking(false),
    onSettled: () => client.invalidateQueries({ queryKey: lettersKey }),
  };
  const replaying = useMutation({
    mutationFn: () => told(api.POST('/api/system/dead-letters/replay', { body })),
    ...whenDone,
  });
  const dropping = useMutation({
    mutationFn: () => told(api.POST('/api/system/dead-letters/drop', { body })),
    ...whenDone,
  });
  const at = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Card className="grid gap-2">
      <p className="font-semibold">
        {service} · {type}
      </p>
      <p className="text-sm text-quiet">
        <Trans>on the topic {topic}</Trans>
      </p>
      <p>
        <code>{code}</code> {cause}
      </p>
      <p className="text-sm text-quiet">
        <Plural value={count} one="# event" other="# events" />
        {', '}
        <Trans>the last at {at.format(new Date(lastAt))}</Trans>
      </p>
      {replaying.data && <Outcome of={replaying.data} />}
      {dropping.data && <Unanswered of={dropping.data.unavailable} />}
      {(replaying.error || dropping.error) && <Failure error={replaying.error ?? dropping.error} />}
      <div className="flex flex-wrap gap-2">
        <Button
          size="desk"
          onClick={() => replaying.mutate()}
          isBusy={replaying.isPending}
          aria-label={t`Let them go again: ${service}, ${type}`}
        >
          <Trans>Let them go again</Trans>
        </Button>
        <Button
          size="desk"
          look="danger"
          onClick={() => setAsking(true)}
          aria-label={t`Drop them: ${service}, ${type}`}
        >
          <Trans>Drop them</Trans>
        </Button>
      </div>
      {isAsking && (
        <Dialog title={t`Drop these events for ever?`} onClose={() => setAsking(false)}>
          <p>
            <Trans>What they tell will never be known to {service}. This cannot be undone.</Trans>
          </p>
          <div className="flex flex-wrap gap-3">
            <Button look="danger" onClick={() => dropping.mutate()} isBusy={dropping.isPending}>
              <Trans>Drop them</Trans>
            </Button>
            <Button onClick={() => setAsking(false)}>
              <Trans>Keep them</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

/** What a replay could not let go, as far as there is any. */
function Outcome({
  of: { notGenuine, more, unavailable },
}: {
  of: gatewayApi.components['schemas']['DeadLettersReplayed'];
}) {
  const { t } = useLingui();
  const forged = Object.values(notGenuine).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <Unanswered of={unavailable} />
      {forged > 0 && (
        <Notice look="warn" role="status" title={t`Not all of them go again`}>
          <p>
            <Plural
              value={forged}
              one="# is not signed by whom it names, and stays."
              other="# are not signed by whom they name, and stay."
            />
          </p>
        </Notice>
      )}
      {more.length > 0 && (
        <Notice role="status" title={t`There are more than go at once`}>
          <p>
            <Trans>Let them go again once more.</Trans>
          </p>
        </Notice>
      )}
    </>
  );
}
