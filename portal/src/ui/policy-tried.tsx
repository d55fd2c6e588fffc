import { Trans, useLingui } from '@lingui/react/macro';
import { useMessagePolicyTrial } from '../api/messages.ts';
import type { MessagePolicyTrial } from '../api/types.ts';
import { dayAt, timeAt } from '../time/zone.ts';
import { messageChannels, messageKinds, messageReasons, stepWords } from '../words/messages.ts';
import { Remote } from './remote.tsx';

/** What an appointment would send to its patient, day by day. */
export function PolicyTried({ trial }: { trial: MessagePolicyTrial }) {
  const { i18n, t } = useLingui();
  return (
    <Remote
      of={useMessagePolicyTrial(trial)}
      label={t`what it would send`}
      isNone={({ messages }) => messages.length === 0}
      none={<Trans>It would send nothing.</Trans>}
    >
      {({ zone, messages }) => (
        <div className="grid gap-3">
          {trial.policy && (
            <p className="text-sm text-quiet">
              <Trans>With what is typed above, which is not saved.</Trans>
            </p>
          )}
          <ol className="grid gap-3">
            {[...Map.groupBy(messages, ({ dueAt }) => dayAt(dueAt, zone, i18n.locale))].map(([day, all]) => (
              <li key={day} className="grid gap-1 border-l-2 border-line pl-3">
                <p className="font-semibold">{day}</p>
                <ul className="grid gap-1">
                  {all.map(({ kind, step, channel, dueAt, reason }) => {
                    const before = stepWords(step);
                    const words = [messageKinds[kind], messageChannels[channel], ...(before ? [before] : [])];
                    return (
                      <li key={`${kind} ${step} ${channel}`} className={reason ? 'text-quiet' : ''}>
                        <span className="tabular-nums">{timeAt(dueAt, zone, i18n.locale)}</span>{' '}
                        {words.map((each) => i18n._(each)).join(', ')}
                        {reason && (
                          <>
                            {' – '}
                            <Trans>would not leave:</Trans> {i18n._(messageReasons[reason])}
                          </>
                        )}
                      </li>
                    );
                  })}
                </ul>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Remote>
  );
}
