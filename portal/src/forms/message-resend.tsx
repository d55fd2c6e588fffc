import { Trans, useLingui } from '@lingui/react/macro';
import { resendMessage, useMessagesChanged } from '../api/messages.ts';
import type { Message } from '../api/types.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { now } from '../time/server-clock.ts';
import { Button } from '../ui/button.tsx';
import { messageKinds } from '../words/messages.ts';

/** What is still to leave, is no longer so, or is about a visit that has begun is not sent again. */
const mayBeSentAgain = ({ state, reason, startsAt }: Message): boolean =>
  state !== 'planned' && reason !== 'superseded' && !(startsAt && Date.parse(startsAt) <= now());

/** Sends a message again, ten seconds later unless that is undone: what has left nobody brings back. */
export function MessageResend({ message }: { message: Message }) {
  const { i18n, t } = useLingui();
  const changed = useMessagesChanged('ledger');
  const id = `message-resend/${message.id}`;
  const { waiting, underWay } = useDelayed();
  const isLeaving = [...waiting, ...underWay].some((each) => each.id === id);
  if (!mayBeSentAgain(message)) return null;
  const kind = i18n._(messageKinds[message.kind]);
  return (
    <div>
      <Button
        size="desk"
        disabled={isLeaving}
        aria-label={t`Send again: ${kind}`}
        onClick={() => {
          // The same when it is tried again, so that it leaves once.
          const key = crypto.randomUUID();
          doUnlessUndone(id, t`“${kind}” will be sent again.`, async () => {
            await resendMessage(message, { 'Idempotency-Key': key });
            await changed();
          });
        }}
      >
        <Trans>Send again</Trans>
      </Button>
    </div>
  );
}
