import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { finishAtGoogle, keptNowhere } from '../../api/calendars.ts';
import { useIntent } from '../../api/intent.ts';
import { isPassing } from '../../api/problem.ts';
import { connectDraft } from '../../forms/calendar-draft.ts';
import { forgetDraft } from '../../session/drafts.ts';
import { usePerson } from '../../session/use-session.ts';
import { buttonLook } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Loading } from '../../ui/remote.tsx';

/** Where Google leads back to: the calendar is connected with what it sent, once. */
export function GoogleCalendar() {
  const { t } = useLingui();
  const person = usePerson();
  const { state, code } = useSearch({ from: '/signed-in-people/calendars/google' });
  const go = useNavigate();
  const intent = useIntent();
  const finishing = useMutation({
    ...keptNowhere,
    mutationFn: (answer: { state: string; code: string }) => intent(answer, (header) => finishAtGoogle(answer, header)),
    onSuccess: ({ practitionerId }) => {
      forgetDraft(person.id, connectDraft(practitionerId));
      // What Google sent need not stay in the history.
      void go({ to: '/calendars/$practitionerId', params: { practitionerId }, replace: true });
    },
  });
  const isBegun = useRef(false);
  const { mutate: finish } = finishing;
  const isAllowed = state !== undefined && code !== undefined;
  useEffect(() => {
    if (!isAllowed || isBegun.current) return;
    isBegun.current = true;
    finish({ state, code });
  }, [isAllowed, state, code, finish]);
  const again = isAllowed && isPassing(finishing.error) ? () => finish({ state, code }) : undefined;
  if (isAllowed && !finishing.error)
    return (
      <Page title={t`Connecting the calendar at Google`}>
        <Loading label={t`the calendar at Google`} />
      </Page>
    );
  return (
    <Page title={t`The calendar at Google`}>
      {finishing.error ? (
        <Failure error={finishing.error} onRetry={again} isSaidAtFields />
      ) : (
        <Notice look="warn" role="status" title={t`Google did not let us in`}>
          <p>
            <Trans>Nothing was connected. Begin again if that was not what you wanted.</Trans>
          </p>
        </Notice>
      )}
      <div>
        {person.practitionerId ? (
          <Link
            to="/calendars/$practitionerId"
            params={{ practitionerId: person.practitionerId }}
            className={buttonLook()}
          >
            <Trans>To the calendars</Trans>
          </Link>
        ) : (
          <Link to="/schedules" className={buttonLook()}>
            <Trans>To the practitioners</Trans>
          </Link>
        )}
      </div>
    </Page>
  );
}
